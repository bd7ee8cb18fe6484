import { type HostTensor, hostTensor, ValueError } from '@wsss/core';
import { deviations } from './deviations';

/**
 * The coordinates of every element of an array, each divided by its standard deviation: in array order, **y before x**
 * for an image. pydensecrf's `create_pairwise_gaussian`.
 *
 * @param shape Sizes of the array, e.g. `[height, width]` or `[depth, height, width]`.
 * @param sdims Standard deviations in the order of `shape`, or one for all.
 * @returns `[N, shape.length]`, N the number of elements, row-major.
 * @throws {ValueError} if a size or a deviation is not positive.
 */
export function gaussianFeatures(shape: readonly number[], sdims: number | readonly number[]): HostTensor {
  checkSizes('gaussianFeatures', shape);
  const axes = deviations('gaussianFeatures', 'sdims', sdims, shape.length).map(Math.fround);
  const points = shape.reduce((n, size) => n * size, 1);
  const features = new Float32Array(points * shape.length);
  writeCoordinates(features, shape.length, shape, axes);
  return hostTensor(features, [points, shape.length]);
}

export function checkSizes(where: string, shape: readonly number[]): void {
  if (shape.length === 0 || !shape.every((n) => Number.isSafeInteger(n) && n > 0)) {
    throw new ValueError(where, 'shape', 'to be a list of positive whole numbers', shape);
  }
}

/** Writes each element's coordinates at the start of its row of `stride` features. */
export function writeCoordinates(
  features: Float32Array,
  stride: number,
  shape: readonly number[],
  axes: readonly number[],
): void {
  const place = new Int32Array(shape.length);
  for (let at = 0; at < features.length; at += stride) {
    for (let k = 0; k < shape.length; k++) features[at + k] = place[k]! / axes[k]!;
    for (let k = shape.length - 1; k >= 0 && ++place[k]! === shape[k]; k--) place[k] = 0;
  }
}
