import { cellScores } from '@wsss/affinity';
import { multiScaleCam, seeds } from '@wsss/cam';
import { argmaxLabels, type Classifier, type HostTensor, hostTensor } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { classifierView, multiScaleIsCam } from '@wsss/sipe';
import { tracked } from '../../shared/tracked';
import type { LearnedClassifier, RunContext } from '../run-context';
import type { RungSlug } from '../rungs';
import { seenOnce } from '../seen-once';

/**
 * Class activation maps and image-specific maps of every photo, and image-specific maps of the classifier that SIPE
 * trained, all from the same features: the masks of each, and the means over cells of the last for the walk.
 *
 * @param trained The weights of the classifier that SIPE trained, `[6, F]`.
 */
export async function makeMaps(
  { settings, train, val, folder, log, backbone }: RunContext,
  { weights }: LearnedClassifier,
  trained: HostTensor,
): Promise<void> {
  const { scales, threshold, isCam: own, sipe } = settings;
  const tap = backbone.classifierTap;
  const taps = [...new Set([tap, ...own.structure, ...own.prototype])];
  const features = featureFunction(backbone, { taps });
  await log.measure('maps', async (count) => {
    for (const split of [train, val]) {
      for (const id of tracked(`maps of ${split.name}`, split.ids)) {
        // Written last.
        if (await folder.hasMask('is-cam-sipe', id)) continue;
        const { image, classes, truth } = await split.get(id);
        if (!classes.length) {
          const empty = hostTensor(new Uint8Array(truth.values.length), truth.shape);
          for (const slug of ['cam', 'is-cam', 'is-cam-sipe'] as const) await folder.writeMask(slug, id, empty);
          await count();
          continue;
        }
        const classifier: Classifier = { features: seenOnce(features), tap, weights };
        const timings: Partial<Record<RungSlug, number>> = {};
        const timed = async (slug: RungSlug, make: () => Promise<HostTensor>) => {
          const started = performance.now();
          const map = await make();
          timings[slug] = (performance.now() - started) / 1000;
          return map;
        };
        const cam = await timed('cam', () => multiScaleCam(classifier, image, { classes, scales }));
        const imageSpecific = (weights: HostTensor, backgroundFactor: number | undefined) => {
          const see = classifierView({ ...classifier, weights }, own);
          return multiScaleIsCam(see, image, { classes, scales: own.scales, backgroundFactor });
        };
        const isCam = await timed('is-cam', () => imageSpecific(weights, own.backgroundFactor));
        const ofTrained = await timed('is-cam-sipe', () => imageSpecific(trained, sipe.backgroundFactor));
        await folder.writeMask('cam', id, await seeds(cam, { classes, threshold }));
        await folder.writeCells(id, await cellScores(ofTrained, { padding: 'ignore' }));
        await folder.writeMask('is-cam', id, await argmaxLabels(isCam, { classes }));
        await folder.writeMask('is-cam-sipe', id, await argmaxLabels(ofTrained, { classes }));
        await count(1, timings);
      }
    }
  });
}
