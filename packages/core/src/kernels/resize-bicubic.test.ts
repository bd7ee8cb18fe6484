import { describe, expect, test } from 'vitest';
import { cubicTaps, WEIGHT_BITS } from './cubic-taps';
import { resizeBicubic } from './resize-bicubic';

// Pillow 9.4.0, Image.fromarray(image).resize((W, H), Image.BICUBIC): h, w, H, W, and the FNV-1a hash of the bytes, of
// the photo in colour and of the grey one. Byte i of the photo is the top byte of i · 2654435761 in 32 bits.
const pillow = [
  [1, 1, 1, 1, 0xf3a3fffd, 0x050c5d1f],
  [1, 1, 5, 7, 0x48d2b39d, 0x0f2b1f37],
  [9, 7, 1, 1, 0xb7058c8e, 0xfb0c4d61],
  [1, 30, 1, 11, 0xb488d1d0, 0x7f13caf3],
  [30, 1, 11, 1, 0xb488d1d0, 0x7f13caf3],
  [2, 2, 3, 3, 0xbaef1bad, 0xb6d52544],
  [3, 2, 2, 3, 0xa1d0fbd7, 0x22bd60e1],
  [24, 32, 24, 11, 0x1a0d95d7, 0x48e03317],
  [24, 32, 50, 32, 0xfcaaf6fb, 0x523ab476],
  [40, 30, 39, 31, 0x06d42565, 0x75546838],
  [5, 5, 200, 3, 0x5073a66c, 0xfc605f78],
  [7, 300, 40, 2, 0xa157b8aa, 0x95dfa8f6],
  [300, 7, 2, 40, 0x3960c9e7, 0x69e265f1],
  [64, 48, 32, 24, 0x0079a13a, 0x44cf4ed5],
  [37, 53, 18, 26, 0x2f80d7f3, 0xb66b07c3],
  [37, 53, 56, 80, 0x42312aca, 0xf1d5ffd7],
  [37, 53, 74, 106, 0x4cd886b9, 0x406140f3],
  [100, 3, 3, 100, 0x947536b2, 0x743b1b3b],
  [2, 3, 97, 101, 0x51abe73a, 0x9bbd1746],
  [33, 65, 32, 64, 0x30776d6f, 0x060cec16],
] as const;

function photo(h: number, w: number, channels: number): Uint8Array {
  return Uint8Array.from({ length: h * w * channels }, (_, i) => Math.imul(i, 2654435761) >>> 24);
}

function fnv1a(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
}

describe('resizeBicubic, byte for byte as Pillow', () => {
  test.for(pillow)('%i×%i to %i×%i', ([h, w, H, W, colour, grey]) => {
    expect(fnv1a(resizeBicubic(photo(h, w, 3), [h, w, 3], [H, W]))).toBe(colour);
    expect(fnv1a(resizeBicubic(photo(h, w, 1), [h, w, 1], [H, W]))).toBe(grey);
  });

  test('keeps a flat photo flat', () => {
    const flat = new Uint8Array(11 * 7 * 3).fill(201);
    expect(new Set(resizeBicubic(flat, [11, 7, 3], [29, 3]))).toEqual(new Set([201]));
  });

  test('returns a new array, at the same size too, and leaves the photo as it was', () => {
    const image = photo(4, 5, 3);
    const same = resizeBicubic(image, [4, 5, 3], [4, 5]);
    expect(same).toEqual(image);
    expect(same).not.toBe(image);
    resizeBicubic(image, [4, 5, 3], [9, 2]);
    expect(image).toEqual(photo(4, 5, 3));
  });
});

test.for([
  [1, 1],
  [5, 9],
  [9, 5],
  [300, 2],
  [2, 300],
])('the weights of each position add up to one, %i to %i', ([from, to]) => {
  const { first, count, weights, size } = cubicTaps(from!, to!);
  for (let d = 0; d < to!; d++) {
    expect(first[d]).toBeGreaterThanOrEqual(0);
    expect(first[d]! + count[d]!).toBeLessThanOrEqual(from!);
    const sum = weights.subarray(d * size, (d + 1) * size).reduce((a, b) => a + b, 0);
    // Each weight is rounded by itself.
    expect(Math.abs(sum - 2 ** WEIGHT_BITS)).toBeLessThanOrEqual(count[d]! / 2);
  }
});
