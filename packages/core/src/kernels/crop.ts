import type { NumericArray } from '../typed-array';
import { emptyLike } from './empty-like';

/**
 * Cuts a window out of a map `[h, w, C]`. What of it lies outside the map is filled.
 *
 * @param from `[h, w, C]`.
 * @param window Its first row and column, which may be negative, and its height and width.
 * @returns `[window[2], window[3], C]`.
 */
export function crop<A extends NumericArray>(
  values: A,
  from: readonly [number, number, number],
  window: readonly [top: number, left: number, height: number, width: number],
  fill = 0,
): A {
  const [height, width, channels] = from;
  const [top, left, newHeight, newWidth] = window;
  const out = emptyLike(values, newHeight * newWidth * channels);
  if (fill !== 0) out.fill(fill);
  const first = Math.max(0, left);
  const last = Math.min(width, left + newWidth);
  for (let y = Math.max(0, -top); y < Math.min(newHeight, height - top) && first < last; y++) {
    const row = (top + y) * width;
    out.set(
      values.subarray((row + first) * channels, (row + last) * channels),
      (y * newWidth + first - left) * channels,
    );
  }
  return out;
}
