import { type AffinityNet, refineScores } from '@wsss/affinity';
import { addBackground, multiScaleCam, seeds } from '@wsss/cam';
import { argmaxLabels, type Classifier, hostTensor } from '@wsss/core';
import { ConfusionMatrix } from '@wsss/metrics';
import { tracked } from '../shared/tracked';
import type { Split } from '../voc/open-split';
import { CLASSES } from '../voc/settings';
import type { AffinitySettings } from './settings';

/** Scores the maps at a threshold, and after walks of so many steps, on the same photos. */
export async function scoreWalks(
  network: AffinityNet,
  classifier: Classifier,
  split: Split,
  threshold: number,
  { scales, walkAlpha, beta, steps }: AffinitySettings,
): Promise<{ cam: ConfusionMatrix; walks: { steps: number; matrix: ConfusionMatrix }[]; secondsPerWalk: number }> {
  const classCount = CLASSES.length + 1;
  const cam = new ConfusionMatrix({ classes: classCount });
  const walks = steps.map((count) => ({ steps: count, matrix: new ConfusionMatrix({ classes: classCount }) }));
  let [spent, count] = [0, 0];
  for (const id of tracked('walks', split.ids)) {
    const { image, classes, truth } = await split.get(id);
    if (!classes.length) {
      const empty = hostTensor(new Uint8Array(truth.values.length), truth.shape);
      for (const matrix of [cam, ...walks.map((walk) => walk.matrix)]) await matrix.update(empty, truth);
      continue;
    }
    const maps = await multiScaleCam(classifier, image, { classes, scales });
    await cam.update(await seeds(maps, { classes, threshold }), truth);
    const affinity = await network.predict(image);
    const scored = addBackground(maps, { alpha: walkAlpha });
    const scores = hostTensor((await scored.data()) as Float32Array, scored.shape);
    scored.dispose();
    for (const { steps: t, matrix } of walks) {
      const started = performance.now();
      const refined = await refineScores(scores, affinity, { beta, steps: t });
      spent += performance.now() - started;
      count++;
      await matrix.update(await argmaxLabels(refined, { classes }), truth);
    }
  }
  return { cam, walks, secondsPerWalk: spent / count / 1000 };
}
