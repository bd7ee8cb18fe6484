import { byteValues, hostTensor, resizeBicubic, resizeBilinear, ShapeError } from '@wsss/core';
import { centerNearest } from './kernels/center-nearest';
import { type HostSample, type Sample, sampleSize } from './sample';

/**
 * Resizes a photo with its maps and labels: the photo as Pillow's bicubic, maps bilinearly (torch's
 * `align_corners=false`), labels to the pixel under the new pixel's centre (Pillow's NEAREST).
 *
 * @param size `[h, w]`.
 * @throws {ShapeError} if sizes differ within the sample, or `size` is not whole numbers above 0.
 * @throws {ValueError} if the image or the labels hold anything but bytes, or a map anything but finite numbers.
 */
export async function resizeSample(sample: Sample, size: readonly [number, number]): Promise<HostSample> {
  const { h, w } = sampleSize('resizeSample', sample);
  if (!(size.length === 2 && size.every((n) => Number.isSafeInteger(n) && n > 0))) {
    throw new ShapeError('resizeSample', 'size', '[h, w] of whole numbers above 0', size);
  }
  const { image, maps, labels } = sample;
  const bytes = labels && (await byteValues('resizeSample', 'labels', labels));
  return {
    image: await resizeBicubic(image, size),
    maps: maps && (await resizeBilinear(maps, size, { alignCorners: false })),
    labels: bytes && hostTensor(centerNearest(bytes, [h, w], size), size),
  };
}
