import { type Classifier, hostTensor } from '@wsss/core';
import { type BootstrapResult, bootstrapMeanIou, ConfusionMatrix } from '@wsss/metrics';
import { pseudoLabel } from '@wsss/pipeline';
import { tracked } from '../shared/tracked';
import type { Split } from './open-split';
import { CLASSES, type VocSettings } from './settings';

/** How well image-specific maps of the same classifier do. */
export interface IsCamScores {
  /** All photos together. */
  readonly matrix: ConfusionMatrix;
  /** How far its mean IoU would move with other photos of the kind. */
  readonly interval: BootstrapResult;
  /** Seconds per photo, of maps and mask. */
  readonly seconds: number;
}

/**
 * Scores image-specific maps (IS-CAM) of the photos: prototypes of the photo itself in the place of the classifier's
 * weights, and one of the background in the place of a threshold. Nothing is trained for them, and nothing chosen here.
 */
export async function scoreIsCam(
  classifier: Classifier,
  split: Split,
  { isCam: { scales, ...sipe } }: VocSettings,
): Promise<IsCamScores> {
  const classes = CLASSES.length + 1;
  const matrix = new ConfusionMatrix({ classes });
  const perPhoto: ConfusionMatrix[] = [];
  let seconds = 0;
  for (const id of tracked('IS-CAM', split.ids)) {
    const { image, classes: labels, truth } = await split.get(id);
    const counted = new ConfusionMatrix({ classes });
    if (labels.length) {
      const { mask, timings } = await pseudoLabel(image, labels, { classifier, scales, sipe });
      seconds += timings.cam + (timings.isCam ?? 0) + timings.mask;
      await counted.update(mask, truth);
    } else {
      // Without any of the classes all of it is background.
      await counted.update(hostTensor(new Uint8Array(truth.values.length), truth.shape), truth);
    }
    matrix.merge(counted);
    perPhoto.push(counted);
  }
  return { matrix, interval: bootstrapMeanIou(perPhoto), seconds: seconds / split.ids.length };
}
