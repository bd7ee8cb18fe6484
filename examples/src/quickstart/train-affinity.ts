import { type AffinityHead, AffinityNet, cellLabels } from '@wsss/affinity';
import { type HeadExample, headTaps, trainAffinityHead } from '@wsss/affinity/train';
import { argmaxLabels } from '@wsss/core';
import { type History, progressBar } from '@wsss/train';
import { crfOnMask } from '../shared/crf-on-mask';
import type { Seen } from './pseudo-labels';
import type { Settings } from './settings';
import type { SmallNetwork } from './small-network';

/** Pixels per cell. */
export const AFFINITY_CELL = 4;

/** On the first two convolutions: they see edges and colours, which later ones forget for the sake of classes. */
const HEAD: AffinityHead = {
  sides: [
    { tap: 'block1', layer: 'side_1', width: 16 },
    { tap: 'block2', layer: 'side_2', width: 32 },
  ],
  output: { layer: 'fuse', width: 64 },
  stride: AFFINITY_CELL,
  equalise: true,
};

/**
 * A small AffinityNet on the classifier, which stays as it is: its head learns which cells are alike from the masks that
 * image-specific maps and a CRF give the training scenes. It never sees an exact mask.
 *
 * @returns The network, to be disposed before the classifier.
 */
export async function trainAffinity(
  network: SmallNetwork,
  seen: readonly Seen[],
  { affinityEpochs, affinityBatch, affinityRate, walk: { radius }, size, seed }: Settings,
): Promise<{ affinity: AffinityNet; history: History }> {
  const affinity = AffinityNet(network, { head: HEAD, seed });
  try {
    const items: HeadExample[] = [];
    for (const { scene, classes, isCam } of seen) {
      const mask = await crfOnMask(scene.image, await argmaxLabels(isCam, { classes }), classes);
      const labels = await cellLabels(mask, { cell: AFFINITY_CELL });
      items.push({ taps: await headTaps(affinity, scene.image), labels });
    }
    const history = await trainAffinityHead(affinity, {
      items,
      load: (item) => item,
      crop: size / AFFINITY_CELL,
      epochs: affinityEpochs,
      batchSize: affinityBatch,
      learningRate: affinityRate,
      radius,
      border: 'full',
      seed,
      onProgress: progressBar({ label: 'AffinityNet' }),
    });
    return { affinity, history };
  } catch (error) {
    affinity.dispose();
    throw error;
  }
}
