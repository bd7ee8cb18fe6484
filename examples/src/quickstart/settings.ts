/** What the quickstart does by default: all of it fixed before the test scenes were looked at. */
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
  /** The classifier's view of each test scene. */
  scales: [1, 0.5, 1.5, 2],
  /** A pixel is background where no map is above it. Chosen on scenes of other seeds. */
  threshold: 0.35,
} as const;

/** The same kinds of values, whatever the numbers. */
export type Settings = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends number ? number : readonly number[];
};
