import type { OperationCase } from '../operation-case';
import { convolutions } from './convolutions';
import { elementwise } from './elementwise';
import { movement } from './movement';
import { pooling } from './pooling';
import { productsAndNorms } from './products';
import { reductions } from './reductions';
import { resizing } from './resizing';

/** Every operation that our networks use, and the rest of what TensorFlow.js differentiates. */
export const operationCases: readonly OperationCase[] = [
  ...convolutions,
  ...pooling,
  ...resizing,
  ...productsAndNorms,
  ...reductions,
  ...elementwise,
  ...movement,
];
