import type { NumericArray } from '../typed-array';
import { linearTaps } from './linear-taps';

/**
 * Resizes a map `[h, w, C]` bilinearly by torch's rules, see {@link linearTaps}; summed in double, rounded once.
 *
 * @param from `[h, w, C]`, each at least 1.
 * @param to `[h, w]`, each at least 1.
 * @returns `[to[0], to[1], C]`.
 */
export function resizeBilinear(
  values: NumericArray,
  from: readonly [number, number, number],
  to: readonly [number, number],
  alignCorners: boolean,
): Float32Array {
  const [height, width, channels] = from;
  const rows = linearTaps(height, to[0], alignCorners);
  const columns = linearTaps(width, to[1], alignCorners);
  const stride = width * channels;
  const row = new Float64Array(stride);
  const out = new Float32Array(to[0] * to[1] * channels);
  let o = 0;
  for (let y = 0; y < to[0]; y++) {
    // First mix two input rows into one …
    const top = rows.low[y]! * stride;
    const bottom = rows.high[y]! * stride;
    const down = rows.share[y]!;
    for (let i = 0; i < stride; i++) row[i] = values[top + i]! * (1 - down) + values[bottom + i]! * down;
    // … then two cells of it into each output cell.
    for (let x = 0; x < to[1]; x++) {
      const left = columns.low[x]! * channels;
      const right = columns.high[x]! * channels;
      const along = columns.share[x]!;
      for (let c = 0; c < channels; c++) out[o++] = row[left + c]! * (1 - along) + row[right + c]! * along;
    }
  }
  return out;
}

/**
 * The adjoint of {@link resizeBilinear}: takes the gradient of its result `[to[0], to[1], C]` to the gradient of its
 * argument `[h, w, C]`, each cell giving to its taps what it took of them. Summed in double, rounded once.
 */
export function resizeBilinearAdjoint(
  gradient: NumericArray,
  from: readonly [number, number, number],
  to: readonly [number, number],
  alignCorners: boolean,
): Float32Array {
  const [height, width, channels] = from;
  const rows = linearTaps(height, to[0], alignCorners);
  const columns = linearTaps(width, to[1], alignCorners);
  const stride = width * channels;
  const row = new Float64Array(stride);
  const sum = new Float64Array(height * stride);
  let g = 0;
  for (let y = 0; y < to[0]; y++) {
    row.fill(0);
    for (let x = 0; x < to[1]; x++) {
      const left = columns.low[x]! * channels;
      const right = columns.high[x]! * channels;
      const along = columns.share[x]!;
      for (let c = 0; c < channels; c++) {
        const value = gradient[g++]!;
        row[left + c]! += value * (1 - along);
        row[right + c]! += value * along;
      }
    }
    const top = rows.low[y]! * stride;
    const bottom = rows.high[y]! * stride;
    const down = rows.share[y]!;
    for (let i = 0; i < stride; i++) {
      sum[top + i]! += row[i]! * (1 - down);
      sum[bottom + i]! += row[i]! * down;
    }
  }
  return Float32Array.from(sum);
}
