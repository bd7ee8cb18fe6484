import { VOC_CLASSES } from '@wsss/core';
import type { SipeTaps } from '@wsss/pipeline';
import type { Augmentation } from '@wsss/train';
import type { SipeHeadSettings } from '../sipe-voc/train-sipe-head';

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
  /** Sizes at which CAMs see a photo, each with its mirror image. */
  readonly scales: readonly number[];
  /** A pixel of a CAM's mask is background where no map is above it. */
  readonly threshold: number;
  /** Image-specific maps of the same features. */
  readonly isCam: SipeTaps & { readonly scales: readonly number[] };
  /** And those of the same taps and a classifier that SIPE's loss trained further. */
  readonly sipe: {
    readonly training: SipeHeadSettings;
    /** In inference. */
    readonly backgroundFactor: number;
  };
  /** How the AffinityNet's head learns from the masks of IS-CAM + CRF. */
  readonly affinity: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly learningRate: number;
    /** Side of its crops, in cells of 8 pixels. */
    readonly cropCells: number;
    /** How much of a cell its label must hold. */
    readonly share: number;
  };
  readonly walk: {
    /** Of the scores, before. */
    readonly power: number;
    readonly beta: number;
    readonly steps: number;
  };
  readonly segmentation: {
    readonly epochs: number;
    readonly batchSize: number;
    /** The blocks of the backbone that train. */
    readonly trained: readonly string[];
    /** The tap up to which it stands still. */
    readonly frozenUpTo: string;
    /** @default that of COMPACT_TRAINING */
    readonly augmentation?: Augmentation & { readonly crop: number };
    /** Sizes at which it sees a photo in the end, each with its mirror image. */
    readonly scales: readonly number[];
  };
}

/**
 * Fixed beforehand, for all seeds. Whatever was chosen by masks was chosen by those of training photos, with PyTorch or
 * with earlier runs of this program; nothing by those of validation photos, and nothing while the program runs.
 */
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
  scales: [0.5, 1],
  // Where CAMs agree best with the masks of the training photos (`npm run example affinity-voc`, seed 1).
  threshold: 0.37,
  isCam: {
    // Linear bottlenecks, whose signed features beat those after a ReLU; the photo's own size alone, whose cells are finer;
    // and a factor near 1, not SIPE's 0.5, which is made for its own network. Of those within 0.3 points of the best on
    // the training photos, the one with the fewest taps; the README of the examples has what was tried.
    scales: [1],
    structure: ['features.14'],
    prototype: ['features.6', 'features.14'],
    backgroundFactor: 0.85,
  },
  sipe: {
    // Its maps are what the rest of the ladder stands on: after the CRF 67.3 % on the training photos of seed 1, 64.0 %
    // without. The classifier alone, with a consistency a hundred times that of the paper: `npm run example
    // sipe-voc` compares this with others.
    training: {
      tap: 'features.18',
      structure: 'features.14',
      prototype: ['features.14'],
      sides: {},
      classifier: true,
      backgroundFactor: 0.9,
      consistencyWeight: 100,
      epochs: 3,
      batchSize: 16,
      learningRate: 0.03,
      momentum: 0.9,
      weightDecay: 1e-4,
      clip: 1,
    },
    backgroundFactor: 0.95,
  },
  affinity: {
    epochs: 12,
    batchSize: 8,
    learningRate: 1e-3,
    cropCells: 40,
    // No margin at contours: it would take away the pairs of different labels.
    share: 0.75,
  },
  walk: {
    power: 2,
    beta: 8,
    // Fewer than PSA's 256: maps that are good already are washed out.
    steps: 64,
  },
  segmentation: {
    // Epochs, masks and scales were chosen on a quarter of the training photos that the network did not learn from: `npm
    // run example segmentation-voc`. 16 epochs are far better than 8, and 32 better than 16; 24 are a matter of time.
    epochs: 24,
    batchSize: 8,
    // As good as from features.7 on, and a sixth faster.
    trained: ['features.14', 'features.15', 'features.16', 'features.17'],
    frozenUpTo: 'features.13',
    scales: [0.75, 1, 1.25],
  },
};
