import type { NumericArray } from '../typed-array';

/**
 * The channel of the largest value of each cell, the first of equals.
 *
 * @param values `[n, K]`, K from 1 to 256; no NaN.
 * @returns `[n]`.
 */
export function argmax(values: NumericArray, channels: number): Uint8Array {
  const labels = new Uint8Array(values.length / channels);
  for (let i = 0, start = 0; i < labels.length; i++, start += channels) {
    let best = 0;
    for (let c = 1; c < channels; c++) if (values[start + c]! > values[start + best]!) best = c;
    labels[i] = best;
  }
  return labels;
}
