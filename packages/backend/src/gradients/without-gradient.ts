import { type GradConfig, zeros } from '@tensorflow/tfjs-core';
import { gradient } from './define';

/** Piecewise constant functions, by the names of their inputs. */
const constant: Record<string, string[]> = {
  All: ['x'],
  Any: ['x'],
  ArgMax: ['x'],
  ArgMin: ['x'],
  Ceil: ['x'],
  Equal: ['a', 'b'],
  Floor: ['x'],
  FloorDiv: ['a', 'b'],
  Greater: ['a', 'b'],
  GreaterEqual: ['a', 'b'],
  IsFinite: ['x'],
  IsInf: ['x'],
  IsNan: ['x'],
  Less: ['a', 'b'],
  LessEqual: ['a', 'b'],
  LogicalAnd: ['a', 'b'],
  LogicalNot: ['x'],
  LogicalOr: ['a', 'b'],
  LogicalXor: ['a', 'b'],
  NotEqual: ['a', 'b'],
  OneHot: ['indices'],
  OnesLike: ['x'],
  Round: ['x'],
  Sign: ['x'],
  Step: ['x'],
  ZerosLike: ['x'],
};

/**
 * Operations whose gradient is zero wherever it exists. Comparisons have to be among them: without a gradient of
 * `greater`, TensorFlow.js refuses to differentiate `where(greater(x, 0), a, b)`.
 */
export const withoutGradient: GradConfig[] = Object.entries(constant).map(([name, inputs]) =>
  gradient(name, { inputs }, (_dy, saved) =>
    Object.fromEntries(inputs.map((input, i) => [input, () => zeros(saved[i]!.shape)])),
  ),
);
