import { SETTINGS } from '../voc/settings';

/** Fixed beforehand; no mask is looked at but for the threshold of the maps that the walk is compared with. */
export const AFFINITY_SETTINGS = {
  ...SETTINGS,
  /** Of the class activation maps, each with its mirror image. */
  scales: [0.5, 1],
  /** Exponents of the background before the CRF. MobileNet's maps are broad, so they are small. */
  alphas: [1, 4] as const,
  /** Of the head's training. */
  affinityEpochs: 12,
  affinityRate: 1e-3,
  /** Side of its crops, in cells of 8 pixels. */
  cropCells: 40,
  /** Exponent of the background before the walk. */
  walkAlpha: 2,
  beta: 8,
  /** Steps of the walk; both are scored. */
  steps: [256, 64] as const,
};

export type AffinitySettings = typeof AFFINITY_SETTINGS;
