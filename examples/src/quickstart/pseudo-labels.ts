import { type AffinityNet, refineScores } from '@wsss/affinity';
import { seeds } from '@wsss/cam';
import { argmaxLabels, type HostTensor, hostTensor } from '@wsss/core';
import { classifierOf, featureFunction } from '@wsss/core/tensor';
import { type SweepPoint, sweepThreshold } from '@wsss/metrics';
import { pseudoLabel } from '@wsss/pipeline';
import { crfOnMask } from '../shared/crf-on-mask';
import { timed } from '../shared/timed';
import { tracked } from '../shared/tracked';
import type { PseudoSlug } from './rungs';
import { CLASSES, type Scene } from './scenes/scene';
import type { Settings } from './settings';
import type { SmallNetwork } from './small-network';
import { AFFINITY_CELL } from './train-affinity';

/** What the classifier sees in a scene. */
export interface Seen {
  readonly scene: Scene;
  /** The indices of the scene's labels, from 1. */
  readonly classes: readonly number[];
  /** A map per label, `[size, size, classes.length]` in [0, 1). */
  readonly cam: HostTensor;
  /** Image-specific maps, background first. */
  readonly isCam: HostTensor;
  readonly seconds: { readonly cam: number; readonly isCam: number };
}

/** A scene with the masks that were made of its photo and labels. */
export interface Labelled extends Omit<Seen, 'seconds'> {
  /** `[size, size]`: 0 background, else a class. */
  readonly masks: Readonly<Record<PseudoSlug, HostTensor<Uint8Array>>>;
  /** What each step took. */
  readonly seconds: Readonly<Record<PseudoSlug, number>>;
}

/** Class activation maps of the labels, and image-specific maps of prototypes from the photo itself. */
export async function seeScenes(
  network: SmallNetwork,
  scenes: readonly Scene[],
  { scales, isCam: sipe }: Settings,
): Promise<Seen[]> {
  const taps = [...new Set([network.classifierTap, ...sipe.structure, ...sipe.prototype])];
  const classifier = { ...classifierOf(network), features: featureFunction(network, { taps }) };
  const seen: Seen[] = [];
  for (const scene of tracked('maps', scenes)) {
    const classes = scene.labels.map((name) => CLASSES.indexOf(name) + 1);
    const { cam, isCam, timings } = await pseudoLabel(scene.image, classes, { classifier, scales, sipe });
    seen.push({ scene, classes, cam, isCam: isCam!, seconds: { cam: timings.cam, isCam: timings.isCam! } });
  }
  return seen;
}

/**
 * From maps to pixel masks. `pseudoLabel` with `affinity`, `walk` and `crf` does the same in one call; here the mask of
 * every step is wanted.
 */
export async function labelScenes(
  affinity: AffinityNet,
  seen: readonly Seen[],
  { threshold, walk, walkPower }: Settings,
): Promise<Labelled[]> {
  const labelled: Labelled[] = [];
  for (const { scene, classes, cam, isCam, seconds } of tracked('masks', seen)) {
    const [camMask, ofCam] = await timed(() => seeds(cam, { classes, threshold }));
    const [isCamMask, ofIsCam] = await timed(() => argmaxLabels(isCam, { classes }));
    const [walked, ofWalk] = await timed(async () => {
      const scores = hostTensor(
        isCam.values.map((value) => value ** walkPower),
        isCam.shape,
      );
      const alike = await affinity.predict(scene.image, { radius: walk.radius, border: 'full' });
      return refineScores(scores, alike, { ...walk, border: 'full', cell: AFFINITY_CELL });
    });
    const walkMask = await argmaxLabels(walked, { classes });
    const [fitted, ofCrf] = await timed(() => crfOnMask(scene.image, walkMask, classes));
    labelled.push({
      ...{ scene, classes, cam, isCam },
      masks: { cam: camMask, isCam: isCamMask, walk: walkMask, walkCrf: fitted },
      seconds: { cam: seconds.cam + ofCam, isCam: seconds.isCam + ofIsCam, walk: ofWalk, walkCrf: ofCrf },
    });
  }
  return labelled;
}

/** What other thresholds would have given. For the report only: nothing is chosen by it. */
export async function scoreThresholds(seen: readonly Pick<Seen, 'cam' | 'classes' | 'scene'>[]): Promise<SweepPoint[]> {
  const images = seen.map(({ cam, classes, scene }) => ({ maps: cam, classes, target: scene.mask }));
  const thresholds = Array.from({ length: 46 }, (_, i) => i / 50);
  return (await sweepThreshold(images, { classes: CLASSES.length + 1, thresholds })).curve;
}
