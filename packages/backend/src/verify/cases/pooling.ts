import { avgPool, maxPool, type Tensor4D } from '@tensorflow/tfjs-core';
import { distinct } from '../array64';
import { type OperationCase, operationCase } from '../operation-case';
import * as reference from '../reference/pool';
import type { Padding } from '../reference/window';
import { tfPad } from './convolutions';

export interface PoolSetting {
  readonly input: readonly [number, number, number, number];
  readonly size: readonly [number, number];
  readonly stride: number | [number, number];
  readonly pad: Padding;
}

export const describePool = ({ input, size, stride, pad }: PoolSetting): string =>
  `${size.join('×')}, [${input.join(', ')}], stride ${stride}, pad ${typeof pad === 'object' ? JSON.stringify(pad) : pad}`;

/** With values all negative, so that padding that counts as zero is found, and exact in 16 bits. */
export function maxPoolCase(setting: PoolSetting): OperationCase {
  const { input, size, stride, pad } = setting;
  return operationCase(
    'maxPool',
    describePool(setting),
    [{ shape: input, draw: distinct(-4) }],
    (x) => maxPool(x as Tensor4D, [...size], stride, tfPad(pad)),
    (x) => reference.maxPool(x, size, { strides: stride, pad }),
  );
}

export function avgPoolCase(setting: PoolSetting): OperationCase {
  const { input, size, stride, pad } = setting;
  return operationCase(
    'avgPool',
    describePool(setting),
    [input],
    (x) => avgPool(x as Tensor4D, [...size], stride, tfPad(pad)),
    (x) => reference.avgPool(x, size, { strides: stride, pad }),
  );
}

/** What our networks use. */
export const pooling: OperationCase[] = [
  maxPoolCase({ input: [2, 8, 7, 3], size: [2, 2], stride: 2, pad: 'valid' }),
  maxPoolCase({ input: [2, 9, 7, 3], size: [3, 3], stride: 2, pad: 'same' }),
  maxPoolCase({ input: [1, 9, 8, 3], size: [3, 3], stride: 2, pad: 1 }),
  maxPoolCase({ input: [1, 5, 7, 2], size: [3, 3], stride: 1, pad: 'same' }),
  avgPoolCase({ input: [2, 9, 7, 3], size: [3, 3], stride: 2, pad: 'same' }),
  avgPoolCase({ input: [1, 6, 5, 3], size: [3, 3], stride: 1, pad: 'same' }),
  avgPoolCase({ input: [2, 8, 6, 3], size: [2, 2], stride: 2, pad: 'valid' }),
];
