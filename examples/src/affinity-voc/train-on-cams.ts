import { type AffinityNet, affinityLabelMap } from '@wsss/affinity';
import { type HeadExample, headTaps, trainAffinityHead } from '@wsss/affinity/train';
import { multiScaleCam } from '@wsss/cam';
import type { Classifier } from '@wsss/core';
import { crf, PSA_CRF } from '@wsss/crf';
import { type History, progressBar } from '@wsss/train';
import { tracked } from '../shared/tracked';
import type { Split } from '../voc/open-split';
import type { AffinitySettings } from './settings';

/** What each label says of the cells, in shares of all. */
export interface LabelShares {
  readonly background: number;
  readonly foreground: number;
  readonly ignored: number;
}

/** Learns which cells are alike from the labels that CAMs and a CRF give the training photos. */
export async function trainOnCams(
  network: AffinityNet,
  classifier: Classifier,
  split: Split,
  { scales, alphas, affinityEpochs, affinityRate, cropCells, seed }: AffinitySettings,
): Promise<{ history: History; shares: LabelShares }> {
  const examples: HeadExample[] = [];
  const counts = [0, 0, 0];
  for (const id of tracked('labels of cells', split.ids)) {
    const { image, classes } = await split.get(id);
    if (!classes.length) continue;
    const cam = await multiScaleCam(classifier, image, { classes, scales });
    const refine = (photo: Parameters<typeof crf>[0], scores: Parameters<typeof crf>[1]) => crf(photo, scores, PSA_CRF);
    const labels = await affinityLabelMap(image, cam, { alphas, classes, crf: refine });
    for (const label of labels.values) counts[label === 0 ? 0 : label === 255 ? 2 : 1]!++;
    examples.push({ taps: await headTaps(network, image), labels });
  }
  const all = counts.reduce((a, b) => a + b, 0);
  const history = await trainAffinityHead(network, {
    items: examples,
    load: (example) => example,
    crop: cropCells,
    epochs: affinityEpochs,
    batchSize: Math.min(8, examples.length),
    learningRate: affinityRate,
    seed,
    onProgress: progressBar({ label: 'AffinityNet' }),
  });
  return {
    history,
    shares: { background: counts[0]! / all, foreground: counts[1]! / all, ignored: counts[2]! / all },
  };
}
