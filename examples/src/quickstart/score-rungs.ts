import type { HostTensor } from '@wsss/core';
import { ConfusionMatrix } from '@wsss/metrics';
import { RUNGS, type RungSlug } from './rungs';
import { CLASSES, type Scene } from './scenes/scene';

/** A test scene with the masks of all rungs. */
export interface Tested {
  readonly scene: Scene;
  /** The indices of its labels, from 1. */
  readonly classes: readonly number[];
  /** A map per label, `[size, size, classes.length]` in [0, 1). */
  readonly cam: HostTensor;
  readonly masks: Readonly<Record<RungSlug, HostTensor<Uint8Array>>>;
  readonly seconds: Readonly<Record<RungSlug, number>>;
}

/** What is known of a rung. */
export interface RungScore {
  /** Pixels of its masks against those of the exact ones. */
  readonly matrix: ConfusionMatrix;
  /** Seconds that this step took, per scene. */
  readonly seconds: number;
}

export type RungScores = Readonly<Record<RungSlug, RungScore>>;

/** Scores each rung on all scenes. */
export async function scoreRungs(tested: readonly Tested[]): Promise<RungScores> {
  const scored = RUNGS.map(async ({ slug }) => {
    const matrix = new ConfusionMatrix({ classes: CLASSES.length + 1 });
    for (const { masks, scene } of tested) await matrix.update(masks[slug], scene.mask);
    const seconds = tested.reduce((sum, { seconds }) => sum + seconds[slug], 0) / tested.length;
    return [slug, { matrix, seconds }] as const;
  });
  return Object.fromEntries(await Promise.all(scored)) as RungScores;
}
