import type { FeatureFunction } from '@wsss/core';
import { tracked } from '../shared/tracked';
import type { Split } from '../voc/open-split';
import { onHost } from './score-maps';
import type { SeenPhoto } from './train-sipe-head';

/**
 * What a frozen backbone sees in every photo at its own size, on the host: about 1.3 GB for 300 photos of 500 pixels
 * and the taps of the default settings.
 *
 * @param features Of taps of one stride.
 */
export async function seePhotos(features: FeatureFunction, split: Split): Promise<SeenPhoto[]> {
  const photos: SeenPhoto[] = [];
  for (const id of tracked('what the backbone sees', split.ids)) {
    const { image, classes } = await split.get(id);
    photos.push({ classes, features: await onHost(await features(image)) });
  }
  return photos;
}
