import { argmaxLabels } from '@wsss/core';
import { gateByClassifier, predict, type SegmentationNetwork } from '@wsss/segmentation';
import { tracked } from '../../shared/tracked';
import type { Split } from '../open-split';
import type { LearnedClassifier, RunContext } from '../run-context';
import type { RungSlug } from '../rungs';
import { CLASSES } from '../settings';

/** Which rungs come of one prediction. */
export interface PredictedRungs {
  readonly plain: RungSlug;
  /** Gated by what the classifier says of the photo. */
  readonly gated: RungSlug;
  /** Gated by the image-level labels. */
  readonly labelled?: RungSlug;
}

/** The masks of a network, alone, gated by the classifier, and gated by the labels, from one prediction per photo. */
export async function predictMasks(
  { settings, folder, log }: RunContext,
  network: SegmentationNetwork,
  { scores }: LearnedClassifier,
  splits: readonly Split[],
  { plain, gated, labelled }: PredictedRungs,
): Promise<void> {
  // The last one written says that a photo is done.
  const last = labelled ?? gated;
  await log.measure(`predict ${plain}`, async (count) => {
    for (const split of splits) {
      for (const id of tracked(`${plain}, ${split.name}`, split.ids)) {
        if (await folder.hasMask(last, id)) continue;
        const { image, classes } = await split.get(id);
        const started = performance.now();
        const probabilities = await predict(network, image, { scales: settings.segmentation.scales });
        const mask = await argmaxLabels(probabilities);
        const took = (performance.now() - started) / 1000;
        const byClassifier = await argmaxLabels(await gateByClassifier(probabilities, scores[id]!));
        const tookGate = (performance.now() - started) / 1000 - took;
        await folder.writeMask(plain, id, mask);
        await folder.writeMask(gated, id, byClassifier);
        if (labelled) {
          const labels = CLASSES.map((_, c) => (classes.includes(c + 1) ? 1 : 0));
          await folder.writeMask(labelled, id, await argmaxLabels(await gateByClassifier(probabilities, labels)));
        }
        await count(1, { [plain]: took, [gated]: tookGate, ...(labelled && { [labelled]: tookGate }) });
      }
    }
  });
}
