import { byteValues, finiteValues, flipHorizontal, hostTensor } from '@wsss/core';
import { imageArray } from './image-array';
import { type HostSample, type Sample, sampleSize } from './sample';

/**
 * Mirrors a photo, its maps and its labels left to right.
 *
 * @param sample Its image may be normalised already; then it is float32 and stays so.
 * @throws {ShapeError} if sizes differ within the sample.
 */
export async function flipSample(sample: Sample): Promise<HostSample<Uint8Array | Float32Array>> {
  const where = 'flipSample';
  sampleSize(where, sample);
  const { image, maps, labels } = sample;
  return {
    image: await flipHorizontal(hostTensor(await imageArray(where, image), image.shape)),
    maps: maps && (await flipHorizontal(hostTensor(await finiteValues(where, 'maps', maps), maps.shape))),
    labels: labels && (await flipHorizontal(hostTensor(await byteValues(where, 'labels', labels), labels.shape))),
  };
}
