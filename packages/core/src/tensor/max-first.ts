import {
  cast,
  equal,
  max,
  min,
  mul,
  type Rank,
  range,
  reshape,
  type Tensor,
  tidy,
  transpose,
  where,
} from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors';
import type { TensorInput } from './as-tensor';
import { checkAxes } from './check-axes';
import { floatTensor } from './float-tensor';
import { withGradient } from './with-gradient';

export interface MaxFirstOptions {
  /** Reduced axes stay, with size 1. @default false */
  keepDims?: boolean;
}

/**
 * The largest value along some axes. Its gradient goes to the first place, in row-major order, that has this value, as
 * in torch's `max` and max-pooling; that of TensorFlow.js's `max` goes to each of them.
 *
 * @param x float32, any shape of rank ≥ 1; NaN has no maximum and gets no gradient.
 * @param axes One axis, or several that are reduced together.
 * @throws {ValueError} if an axis does not exist or is named twice.
 * @throws {ShapeError} if there is nothing to choose from.
 */
export function maxFirst(
  x: TensorInput,
  axes: number | readonly number[],
  { keepDims = false }: MaxFirstOptions = {},
): Tensor {
  const reduced = checkAxes('maxFirst', 'axes', axes, x.shape);
  if (reduced.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError('maxFirst', 'x', 'with at least one value to choose from', x.shape);
  }
  return tidy(() =>
    withGradient<Rank>(
      [floatTensor('maxFirst', 'x', x)],
      ([input], save) => {
        const largest = max(input!, reduced, keepDims);
        save([input!, largest]);
        return largest;
      },
      (gradient, [saved, largest]) => [toFirst(gradient, saved!, largest!, reduced)],
    ),
  );
}

function toFirst(gradient: Tensor, x: Tensor, largest: Tensor, reduced: readonly number[]): Tensor {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !reduced.includes(axis));
  const order = [...kept, ...reduced];
  const count = reduced.reduce((product, axis) => product * x.shape[axis]!, 1);
  // One row per maximum, its candidates in row-major order.
  const rows = reshape(transpose(x, order), [-1, count]);
  const place = range(0, count, 1, 'int32');
  const first = min(where(equal(rows, reshape(largest, [-1, 1])), place, count), 1, true);
  const slopes = mul(cast(equal(place, first), 'float32'), reshape(gradient, [-1, 1]));
  const sizes = order.map((axis) => x.shape[axis]!);
  const back = order.map((_, axis) => order.indexOf(axis));
  return transpose(reshape(slopes, sizes), back);
}
