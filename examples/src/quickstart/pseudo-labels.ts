import type { HostTensor } from '@wsss/core';
import { classifierOf } from '@wsss/core/tensor';
import { ConfusionMatrix, type SweepPoint, sweepThreshold } from '@wsss/metrics';
import { pseudoLabel } from '@wsss/pipeline';
import { tracked } from '../shared/tracked';
import { CLASSES, type Scene } from './scenes/scene';
import type { Settings } from './settings';
import type { SmallNetwork } from './small-network';

/** A scene with what was made of its photo and labels. */
export interface Labelled {
  readonly scene: Scene;
  /** The indices of the scene's labels, from 1. */
  readonly classes: readonly number[];
  /** A map per label, `[size, size, classes.length]` in [0, 1). */
  readonly cam: HostTensor;
  /** The pseudo label, `[size, size]`: 0 background, else a class. */
  readonly mask: HostTensor<Uint8Array>;
}

/** From photos and image-level labels to pixel masks, by class activation maps. */
export async function pseudoLabels(
  network: SmallNetwork,
  scenes: readonly Scene[],
  { scales, threshold }: Settings,
): Promise<Labelled[]> {
  const classifier = classifierOf(network);
  const labelled: Labelled[] = [];
  for (const scene of tracked('CAMs', scenes)) {
    const classes = scene.labels.map((name) => CLASSES.indexOf(name) + 1);
    const options = { classifier, scales, background: { threshold } };
    const { cam, mask } = await pseudoLabel(scene.image, classes, options);
    labelled.push({ scene, classes, cam, mask });
  }
  return labelled;
}

/** Pixels of the pseudo labels against those of the exact masks. */
export async function scoreMasks(labelled: readonly Labelled[]): Promise<ConfusionMatrix> {
  const matrix = new ConfusionMatrix({ classes: CLASSES.length + 1 });
  for (const { mask, scene } of labelled) await matrix.update(mask, scene.mask);
  return matrix;
}

/** What other thresholds would have given. For the report only: nothing is chosen by it. */
export async function scoreThresholds(labelled: readonly Labelled[]): Promise<SweepPoint[]> {
  const images = labelled.map(({ cam, classes, scene }) => ({ maps: cam, classes, target: scene.mask }));
  const thresholds = Array.from({ length: 46 }, (_, i) => i / 50);
  return (await sweepThreshold(images, { classes: CLASSES.length + 1, thresholds })).curve;
}
