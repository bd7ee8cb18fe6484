import { type CubicTaps, cubicTaps, WEIGHT_BITS } from './cubic-taps';

const HALF = 1 << (WEIGHT_BITS - 1);

/**
 * Resizes an image `[h, w, C]` of bytes bicubically, byte for byte as Pillow does: along the rows first, then along the
 * columns, each pass rounded to bytes; an axis that keeps its length is not touched.
 *
 * @param from `[h, w, C]`, each at least 1.
 * @param to `[h, w]`, each at least 1.
 * @returns `[to[0], to[1], C]`; never the array that came.
 */
export function resizeBicubic(
  values: Uint8Array | Uint8ClampedArray,
  from: readonly [number, number, number],
  to: readonly [number, number],
): Uint8Array {
  const [height, width, channels] = from;
  const bytes = new Uint8Array(values);
  const wide = width === to[1] ? bytes : alongRows(bytes, height, width, channels, cubicTaps(width, to[1]));
  return height === to[0] ? wide : alongColumns(wide, to[1] * channels, cubicTaps(height, to[0]));
}

function alongRows(values: Uint8Array, height: number, width: number, channels: number, taps: CubicTaps): Uint8Array {
  const { first, count, weights, size } = taps;
  const out = new Uint8ClampedArray(height * first.length * channels);
  let o = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < first.length; x++) {
      const start = (y * width + first[x]!) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = HALF;
        for (let k = 0; k < count[x]!; k++) sum += values[start + k * channels + c]! * weights[x * size + k]!;
        out[o++] = sum >> WEIGHT_BITS;
      }
    }
  }
  return new Uint8Array(out.buffer);
}

function alongColumns(values: Uint8Array, stride: number, taps: CubicTaps): Uint8Array {
  const { first, count, weights, size } = taps;
  const out = new Uint8ClampedArray(first.length * stride);
  const sum = new Int32Array(stride);
  for (let y = 0; y < first.length; y++) {
    sum.fill(HALF);
    for (let k = 0; k < count[y]!; k++) {
      const weight = weights[y * size + k]!;
      const start = (first[y]! + k) * stride;
      for (let i = 0; i < stride; i++) sum[i]! += values[start + i]! * weight;
    }
    for (let i = 0; i < stride; i++) out[y * stride + i] = sum[i]! >> WEIGHT_BITS;
  }
  return new Uint8Array(out.buffer);
}
