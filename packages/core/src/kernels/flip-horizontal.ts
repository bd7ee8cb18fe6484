import type { NumericArray } from '../typed-array';
import { emptyLike } from './empty-like';

/** Mirrors a map `[h, w, C]` left to right. */
export function flipHorizontal<A extends NumericArray>(values: A, shape: readonly [number, number, number]): A {
  const [height, width, channels] = shape;
  const out = emptyLike(values, values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = values[from + c]!;
    }
  }
  return out;
}
