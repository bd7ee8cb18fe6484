import { byteValues, finiteValues, hostTensor, IGNORE, ShapeError } from '@wsss/core';
import { crop } from '@wsss/core/kernels';
import { imageArray } from './image-array';
import { type HostSample, type Sample, sampleSize } from './sample';

/** A rectangle of pixels. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** A crop, and where in it the photo is. */
export interface CroppedSample extends HostSample<Uint8Array | Float32Array> {
  /** The part of the crop that shows the photo; the rest is padding. */
  readonly box: Box;
}

/**
 * Cuts a window out of a photo, its maps and its labels. Outside the photo the image and the maps are 0 (black; the
 * mean colour if the image is normalised) and the labels 255.
 *
 * @param window May reach beyond the photo on each side, but must touch it.
 * @throws {ShapeError} if sizes differ within the sample, or the window is empty or beside the photo.
 */
export async function cropSample(sample: Sample, window: Box): Promise<CroppedSample> {
  const where = 'cropSample';
  const { h, w } = sampleSize(where, sample);
  const { top, left, height, width } = window;
  const box = {
    top: Math.max(0, -top),
    left: Math.max(0, -left),
    height: Math.min(h, top + height) - Math.max(0, top),
    width: Math.min(w, left + width) - Math.max(0, left),
  };
  const whole = [top, left, height, width].every(Number.isSafeInteger);
  if (!whole || !(box.height > 0 && box.width > 0)) {
    throw new ShapeError(where, 'window', `to touch the ${h}×${w} pixels of the photo`, [top, left, height, width]);
  }
  const { image, maps, labels } = sample;
  const part = [top, left, height, width] as const;
  const pixels = await imageArray(where, image);
  const scores = maps && (await finiteValues(where, 'maps', maps));
  const K = maps?.shape[2] ?? 0;
  const ids = labels && (await byteValues(where, 'labels', labels));
  return {
    image: hostTensor(crop(pixels, [h, w, 3], part), [height, width, 3]),
    maps: scores && hostTensor(crop(scores, [h, w, K], part), [height, width, K]),
    labels: ids && hostTensor(crop(ids, [h, w, 1], part, IGNORE), [height, width]),
    box,
  };
}
