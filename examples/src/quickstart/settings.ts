/**
 * What the quickstart does by default, all of it fixed before the test scenes were looked at: threshold, taps, the
 * background's factor, the walk and the segmentation network were chosen with a classifier of scenes of seed 11, by the
 * masks of 120 more scenes of that seed (threshold and factor of seed 13, too).
 */
export const SETTINGS = {
  seed: 7,
  size: 96,
  trainScenes: 800,
  testScenes: 120,
  epochs: 12,
  batchSize: 16,
  learningRate: 0.006,
  /** Steps in which the learning rate rises from 0. */
  warmUp: 20,
  weightDecay: 0.01,
  /** The classifier's views of each scene. */
  scales: [1, 1.5, 2],
  /** A pixel of a CAM's mask is background where no map is above it. */
  threshold: 0.3,
  /** Image-specific maps: early cells tell things from ground, so that they help where the last ones know classes only. */
  isCam: {
    structure: ['block3', 'block5'],
    prototype: ['block3', 'block4', 'block5'],
    /** 0.65 of 0.5, 0.7, 0.85, 1 and 1.15; SIPE has 0.5. */
    backgroundFactor: 0.65,
  },
  /** So many of the training scenes get masks, for the networks that learn from masks. */
  maskedScenes: 400,
  /** What the AffinityNet's head learns from: so many of those. */
  affinityScenes: 200,
  affinityEpochs: 5,
  affinityBatch: 8,
  affinityRate: 0.003,
  /** Of cells of 4 pixels, with others nearer than 3 cells: a thing is about 8 cells wide. */
  walk: { radius: 3, beta: 8, steps: 8 },
  /** Of the scores before the walk. */
  walkPower: 2,
  /** The segmentation network: a copy of the classifier with a head, all of which learns. */
  segmentation: {
    width: 64,
    dilations: [2, 4],
    epochs: 8,
    batchSize: 16,
    learningRate: 0.001,
    headMultiplier: 3,
  },
} as const;

/** The same kinds of values, whatever the numbers. */
export type Settings = Widened<typeof SETTINGS>;

type Widened<T> = T extends number
  ? number
  : T extends string
    ? string
    : T extends readonly (infer U)[]
      ? readonly Widened<U>[]
      : { readonly [K in keyof T]: Widened<T[K]> };
