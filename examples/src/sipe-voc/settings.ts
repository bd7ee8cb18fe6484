import { SETTINGS } from '../voc/settings';
import type { SipeHeadSettings } from './train-sipe-head';

/** The settings that were chosen: of {@link TRIED}, the best. The ladder on VOC photos uses them, too. */
export const SIPE_HEAD: SipeHeadSettings = SETTINGS.sipe.training;

/** A branch in the place of the tap whose cells are compared. */
const branch = { sides: { 'features.14': { channels: 160, first: 'identity' } }, prototype: [] } as const;

/** All that were tried. */
export const TRIED: Readonly<Record<string, SipeHeadSettings>> = {
  'classifier, λ 100': SIPE_HEAD,
  'classifier, λ 30': { ...SIPE_HEAD, consistencyWeight: 30 },
  'classifier, λ 1': { ...SIPE_HEAD, consistencyWeight: 1 },
  'branch, λ 100': { ...SIPE_HEAD, ...branch, classifier: false },
  'both, λ 100': { ...SIPE_HEAD, ...branch },
};

/** Of the example. */
export const SIPE_VOC = {
  ...SETTINGS,
  /** Of the background in inference; all are compared. */
  factors: [0.85, 0.9, 0.95, 1, 1.05],
} as const;
