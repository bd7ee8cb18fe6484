import type { NumericArray } from '../typed-array';
import { emptyLike } from './empty-like';
import { nearestIndices } from './nearest-indices';

/**
 * Resizes a map `[h, w, C]` to the nearest cell by torch's rule, see {@link nearestIndices}. Keeps the kind of array,
 * so it is fit for label maps too.
 *
 * @param from `[h, w, C]`, each at least 1.
 * @param to `[h, w]`, each at least 1.
 * @returns `[to[0], to[1], C]`.
 */
export function resizeNearest<A extends NumericArray>(
  values: A,
  from: readonly [number, number, number],
  to: readonly [number, number],
): A {
  const [height, width, channels] = from;
  const rows = nearestIndices(height, to[0]);
  const columns = nearestIndices(width, to[1]);
  const out = emptyLike(values, to[0] * to[1] * channels);
  let o = 0;
  for (let y = 0; y < to[0]; y++) {
    for (let x = 0; x < to[1]; x++) {
      const start = (rows[y]! * width + columns[x]!) * channels;
      for (let c = 0; c < channels; c++) out[o++] = values[start + c]!;
    }
  }
  return out;
}

/**
 * The adjoint of {@link resizeNearest}: takes the gradient of its result `[to[0], to[1], C]` to the gradient of its
 * argument `[h, w, C]`: each cell collects from those that copied it. Summed in double, rounded once.
 */
export function resizeNearestAdjoint(
  gradient: NumericArray,
  from: readonly [number, number, number],
  to: readonly [number, number],
): Float32Array {
  const [height, width, channels] = from;
  const rows = nearestIndices(height, to[0]);
  const columns = nearestIndices(width, to[1]);
  const sum = new Float64Array(height * width * channels);
  let g = 0;
  for (let y = 0; y < to[0]; y++) {
    for (let x = 0; x < to[1]; x++) {
      const start = (rows[y]! * width + columns[x]!) * channels;
      for (let c = 0; c < channels; c++) sum[start + c]! += gradient[g++]!;
    }
  }
  return Float32Array.from(sum);
}
