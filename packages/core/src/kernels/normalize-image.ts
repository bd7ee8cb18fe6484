import type { Preprocess } from '../preprocess';
import type { NumericArray } from '../typed-array';

/**
 * Normalises an image `[h, w, 3]` in RGB, 0..255: `(x · scale − mean) / std` per channel of the result, which are in the
 * order of `preprocess`; computed in double, rounded once.
 */
export function normalizeImage(image: NumericArray, preprocess: Preprocess): Float32Array {
  const { order, scale, mean, std } = preprocess;
  const out = new Float32Array(image.length);
  for (let c = 0; c < 3; c++) {
    const from = order === 'rgb' ? c : 2 - c;
    if (image instanceof Uint8Array || image instanceof Uint8ClampedArray) {
      // A byte has 256 values: work each of them out once.
      const table = new Float32Array(256);
      for (let x = 0; x < 256; x++) table[x] = (x * scale - mean[c]!) / std[c]!;
      for (let i = 0; i < image.length; i += 3) out[i + c] = table[image[i + from]!]!;
    } else {
      for (let i = 0; i < image.length; i += 3) out[i + c] = (image[i + from]! * scale - mean[c]!) / std[c]!;
    }
  }
  return out;
}
