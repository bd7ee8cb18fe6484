import { SETTINGS } from '../voc/settings';
import type { SipeHeadSettings } from './train-sipe-head';

/** The settings that were chosen, on a quarter of the training photos: of {@link TRIED}, the best. */
export const SIPE_HEAD: SipeHeadSettings = {
  tap: 'features.18',
  structure: 'features.13',
  prototype: ['features.13', 'features.18'],
  sides: {},
  classifier: true,
  backgroundFactor: 1,
  consistencyWeight: 100,
  epochs: 3,
  batchSize: 16,
  learningRate: 0.03,
  momentum: 0.9,
  weightDecay: 1e-4,
  clip: 1,
};

const branches = {
  sides: {
    'features.13': { channels: 96, first: 'identity' },
    'features.18': { channels: 128, first: 'random' },
  },
  prototype: [],
} as const;

/** All that were tried. */
export const TRIED: Readonly<Record<string, SipeHeadSettings>> = {
  'classifier, λ 100': SIPE_HEAD,
  'classifier, λ 1': { ...SIPE_HEAD, consistencyWeight: 1 },
  'branches, λ 100': { ...SIPE_HEAD, ...branches, classifier: false },
  'both, λ 100': { ...SIPE_HEAD, ...branches },
};

/** Of the example. */
export const SIPE_VOC = {
  ...SETTINGS,
  mapScales: [0.5, 1],
  /** Of the background in inference; all are compared. */
  factors: [1, 1.1],
  /** The best of them without training, and with {@link SIPE_HEAD}. */
  untrainedFactor: 1,
  trainedFactor: 1.1,
  /** Every so manyth training photo is scored to choose by. */
  every: 4,
} as const;
