import { argmaxLabels } from '@wsss/core';
import { ConfusionMatrix } from '@wsss/metrics';
import { gateByClassifier, predict, type SegmentationNetwork } from '@wsss/segmentation';
import { tracked } from '../shared/tracked';
import type { Split } from '../voc/open-split';
import { CLASSES } from '../voc/settings';

/** Mean IoU of a network. */
export interface HeldOutScore {
  readonly alone: number;
  /** Gated by the image-level labels. */
  readonly told: number;
}

/** Scores a network on photos that it has not seen, once for each list of sizes. */
export async function scoreHeldOut(
  network: SegmentationNetwork,
  photos: Split,
  sizes: readonly (readonly number[])[],
): Promise<HeldOutScore[]> {
  const options = { classes: CLASSES.length + 1 };
  const matrices = sizes.map(() => ({ alone: new ConfusionMatrix(options), told: new ConfusionMatrix(options) }));
  for (const id of tracked('held out', photos.ids)) {
    const { image, classes, truth } = await photos.get(id);
    const labels = CLASSES.map((_, c) => (classes.includes(c + 1) ? 1 : 0));
    for (const [i, scales] of sizes.entries()) {
      const probabilities = await predict(network, image, { scales });
      await matrices[i]!.alone.update(await argmaxLabels(probabilities), truth);
      await matrices[i]!.told.update(await argmaxLabels(await gateByClassifier(probabilities, labels)), truth);
    }
  }
  return matrices.map(({ alone, told }) => ({ alone: alone.meanIou(), told: told.meanIou() }));
}
