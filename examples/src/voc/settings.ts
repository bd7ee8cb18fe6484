import { VOC_CLASSES } from '@wsss/core';
import type { SipeTaps } from '@wsss/pipeline';
import type { Augmentation } from '@wsss/train';

/** The classes that are trained and scored; others in the photos are neither. */
export const CLASSES = ['cat', 'cow', 'dog', 'horse', 'sheep', 'person'] as const;

/** Their indices in VOC's masks. */
export const VOC_INDICES: readonly number[] = CLASSES.map((name) => VOC_CLASSES.indexOf(name) + 1);

/** How the classifier is trained and the maps are made. */
export interface VocSettings {
  readonly seed: number;
  /** The first photos of each split only. */
  readonly limit: number | undefined;
  /** Augmented views of each training photo; their features are computed once. */
  readonly passes: number;
  readonly augmentation: Augmentation;
  /** How often a view's colours are changed. */
  readonly colourChance: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** The longest side at which a photo is classified for the average precision. */
  readonly scoreSide: number;
  readonly scales: readonly number[];
  /** Image-specific maps of the same features: fixed beforehand, on training photos. */
  readonly isCam: SipeTaps & { readonly scales: readonly number[] };
}

export const SETTINGS: VocSettings = {
  seed: 1,
  limit: undefined,
  passes: 4,
  augmentation: {
    longSide: [256, 512],
    flip: 0.5,
    jitter: { brightness: 0.3, contrast: 0.3, saturation: 0.3 },
    crop: 321,
  },
  colourChance: 0.8,
  epochs: 60,
  batchSize: 64,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  scoreSide: 321,
  scales: [1],
  isCam: {
    structure: ['features.13'],
    prototype: ['features.13', 'features.18'],
    backgroundFactor: 0.9,
    scales: [0.5, 1],
  },
};
