import { type AffinityNet, refineScores } from '@wsss/affinity';
import { seeds } from '@wsss/cam';
import { argmaxLabels, type HostTensor, hostTensor } from '@wsss/core';
import { classifierOf, featureFunction } from '@wsss/core/tensor';
import { crfFromLabels, IRN_CRF } from '@wsss/crf';
import { ConfusionMatrix, type SweepPoint, sweepThreshold } from '@wsss/metrics';
import { pseudoLabel } from '@wsss/pipeline';
import { tracked } from '../shared/tracked';
import { CLASSES, type Scene } from './scenes/scene';
import type { Settings } from './settings';
import type { SmallNetwork } from './small-network';
import { AFFINITY_CELL } from './train-affinity';

/** The steps from labels to masks, each on top of the one before. */
export const RUNGS = ['CAM', 'IS-CAM', '+ walk', '+ CRF'] as const;
export type Rung = (typeof RUNGS)[number];
export type PerRung<T> = Readonly<Record<Rung, T>>;

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
  readonly masks: PerRung<HostTensor<Uint8Array>>;
  /** What each step took. */
  readonly seconds: PerRung<number>;
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
    const [fitted, ofCrf] = await timed(async () =>
      crfFromLabels(scene.image, await argmaxLabels(walked), { classes: classes.length + 1, preset: IRN_CRF }),
    );
    labelled.push({
      ...{ scene, classes, cam, isCam },
      masks: {
        CAM: camMask,
        'IS-CAM': isCamMask,
        '+ walk': await argmaxLabels(walked, { classes }),
        '+ CRF': await argmaxLabels(fitted, { classes }),
      },
      seconds: { CAM: seconds.cam + ofCam, 'IS-CAM': seconds.isCam + ofIsCam, '+ walk': ofWalk, '+ CRF': ofCrf },
    });
  }
  return labelled;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const result = await work();
  return [result, (performance.now() - started) / 1000];
}

/** What is known of a rung. */
export interface RungScore {
  /** Pixels of its masks against those of the exact ones. */
  readonly matrix: ConfusionMatrix;
  /** Seconds that this step took, per scene. */
  readonly seconds: number;
}

/** Scores each rung on all scenes. */
export async function scoreRungs(labelled: readonly Labelled[]): Promise<PerRung<RungScore>> {
  const scored = RUNGS.map(async (rung) => {
    const matrix = new ConfusionMatrix({ classes: CLASSES.length + 1 });
    for (const { masks, scene } of labelled) await matrix.update(masks[rung], scene.mask);
    const seconds = labelled.reduce((sum, { seconds }) => sum + seconds[rung], 0) / labelled.length;
    return [rung, { matrix, seconds }] as const;
  });
  return Object.fromEntries(await Promise.all(scored)) as Record<Rung, RungScore>;
}

/** What other thresholds would have given. For the report only: nothing is chosen by it. */
export async function scoreThresholds(seen: readonly Pick<Seen, 'cam' | 'classes' | 'scene'>[]): Promise<SweepPoint[]> {
  const images = seen.map(({ cam, classes, scene }) => ({ maps: cam, classes, target: scene.mask }));
  const thresholds = Array.from({ length: 46 }, (_, i) => i / 50);
  return (await sweepThreshold(images, { classes: CLASSES.length + 1, thresholds })).curve;
}
