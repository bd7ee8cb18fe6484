import { cellScores } from '@wsss/affinity';
import { seeds } from '@wsss/cam';
import { argmaxLabels, type Classifier, hostTensor } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { pseudoLabel } from '@wsss/pipeline';
import { tracked } from '../../shared/tracked';
import type { LearnedClassifier, RunContext } from '../run-context';

/**
 * Class activation maps and image-specific maps of every photo, from the same features: the masks of both, and the
 * latter's means over cells for the walk.
 */
export async function makeMaps(
  { settings, train, val, folder, log, backbone }: RunContext,
  { weights }: LearnedClassifier,
): Promise<void> {
  const { scales, threshold, isCam: sipe } = settings;
  const tap = backbone.classifierTap;
  const taps = [...new Set([tap, ...sipe.structure, ...sipe.prototype])];
  const classifier: Classifier = { features: featureFunction(backbone, { taps }), tap, weights };
  await log.measure('maps', async (count) => {
    for (const split of [train, val]) {
      for (const id of tracked(`maps of ${split.name}`, split.ids)) {
        // Written last.
        if (await folder.hasMask('is-cam', id)) continue;
        const { image, classes, truth } = await split.get(id);
        if (!classes.length) {
          const empty = hostTensor(new Uint8Array(truth.values.length), truth.shape);
          await folder.writeMask('cam', id, empty);
          await folder.writeMask('is-cam', id, empty);
          await count();
          continue;
        }
        const { cam, isCam, timings } = await pseudoLabel(image, classes, { classifier, scales, sipe });
        await folder.writeMask('cam', id, await seeds(cam, { classes, threshold }));
        await folder.writeCells(id, await cellScores(isCam!, { padding: 'ignore' }));
        await folder.writeMask('is-cam', id, await argmaxLabels(isCam!, { classes }));
        await count(1, { cam: timings.cam, 'is-cam': timings.isCam! });
      }
    }
  });
}
