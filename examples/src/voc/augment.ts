import { type HostTensor, hostTensor, normalizeImage, type Preprocess, type Random, resizeBicubic } from '@wsss/core';
import { flipHorizontal } from '@wsss/core/kernels';
import type { VocSettings } from './settings';

/**
 * One random view of a photo, normalised: resized, mirrored half of the time, its colours changed four times out of
 * five, and cropped. Where the photo does not fill the crop there is 0, the mean colour.
 *
 * @returns `[cropSize, cropSize, 3]`.
 */
export async function augment(
  image: HostTensor<Uint8Array>,
  random: Random,
  preprocess: Preprocess,
  { cropSize, longSide }: VocSettings,
): Promise<HostTensor> {
  const resized = await resizeLongSide(image, Math.round(random.uniform(...longSide)));
  const [height, width] = resized.shape as [number, number, number];
  let pixels = resized.values;
  if (random.next() < 0.5) pixels = flipHorizontal(pixels, [height, width, 3]);
  if (random.next() < 0.8) pixels = changeColours(pixels, random);
  const { values } = await normalizeImage(hostTensor(pixels, [height, width, 3]), preprocess);
  return hostTensor(randomCrop(values, height, width, cropSize, random), [cropSize, cropSize, 3]);
}

/** Resized in proportion, so that the longest side is `side` pixels. */
export async function resizeLongSide(image: HostTensor<Uint8Array>, side: number): Promise<HostTensor<Uint8Array>> {
  const [height, width] = image.shape as [number, number, number];
  const scale = side / Math.max(height, width);
  return resizeBicubic(image, [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))]);
}

/** Brightness, contrast and saturation, each times 0.7 to 1.3. */
function changeColours(pixels: Uint8Array, random: Random): Uint8Array {
  const [brightness, contrast, saturation] = [0, 0, 0].map(() => random.uniform(0.7, 1.3)) as [number, number, number];
  const greyOf = (i: number) => 0.299 * pixels[i]! + 0.587 * pixels[i + 1]! + 0.114 * pixels[i + 2]!;
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) sum += greyOf(i);
  const mean = (brightness * sum) / (pixels.length / 3);
  const out = new Uint8ClampedArray(pixels.length);
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = brightness * greyOf(i);
    for (let c = 0; c < 3; c++) {
      const coloured = grey + saturation * (brightness * pixels[i + c]! - grey);
      out[i + c] = mean + contrast * (coloured - mean);
    }
  }
  return new Uint8Array(out.buffer);
}

/** A square of the photo, and zeros where it is smaller; where it lies is random either way. */
function randomCrop(values: Float32Array, height: number, width: number, size: number, random: Random): Float32Array {
  const place = (length: number) => random.integer(Math.min(0, length - size), Math.max(0, length - size));
  const [top, left] = [place(height), place(width)];
  const out = new Float32Array(size * size * 3);
  const [first, last] = [Math.max(0, left), Math.min(width, left + size)];
  for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
    const row = values.subarray((y * width + first) * 3, (y * width + last) * 3);
    out.set(row, ((y - top) * size + first - left) * 3);
  }
  return out;
}
