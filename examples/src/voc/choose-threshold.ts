import { multiScaleCam } from '@wsss/cam';
import { type Classifier, hostTensor } from '@wsss/core';
import { type SweepImage, type SweepPoint, sweepThreshold } from '@wsss/metrics';
import { tracked } from '../shared/tracked';
import type { Split } from './open-split';
import { CLASSES, type VocSettings } from './settings';

/**
 * The background threshold at which the maps of the training photos agree best with their masks: the only thing that
 * training masks are used for. One number for all photos and classes, from 0, 0.01, … 0.99.
 */
export async function chooseThreshold(
  classifier: Classifier,
  split: Split,
  { scales }: VocSettings,
): Promise<{ best: SweepPoint; curve: SweepPoint[] }> {
  async function* maps(): AsyncGenerator<SweepImage> {
    for (const id of tracked('CAMs for the threshold', split.ids)) {
      const { image, classes, truth } = await split.get(id);
      const [h, w] = truth.shape as [number, number];
      // A photo without any of the six classes has no map: all of it is background, whatever the threshold.
      const none = hostTensor(new Float32Array(0), [h, w, 0]);
      yield {
        maps: classes.length ? await multiScaleCam(classifier, image, { classes, scales }) : none,
        classes,
        target: truth,
      };
    }
  }
  return sweepThreshold(maps(), { classes: CLASSES.length + 1 });
}
