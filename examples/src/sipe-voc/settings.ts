import { SETTINGS } from '../voc/settings';
import type { SipeHeadSettings } from './train-sipe-head';

/** The settings that were chosen: of {@link TRIED}, the best. The ladder on VOC photos uses them, too. */
export const SIPE_HEAD: SipeHeadSettings = SETTINGS.sipe.training;

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
  trainedFactor: SETTINGS.sipe.backgroundFactor,
  /** Every so manyth training photo is scored to choose by. */
  every: 4,
} as const;
