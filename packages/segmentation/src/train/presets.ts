import type { Augmentation } from '@wsss/train';

/** What the training of a segmentation network leaves to choose. */
export interface SegmentationSchedule {
  /** Passes over the photos; or else `steps`. */
  readonly epochs?: number;
  readonly steps?: number;
  /** Photos in a step. */
  readonly batchSize: number;
  readonly optimizer: 'sgd' | 'adamW';
  /** Of the backbone, falling to 0 as (1 − t)^0.9. */
  readonly learningRate: number;
  /** How much faster the head learns. */
  readonly headMultiplier: number;
  readonly weightDecay: number;
  /** Of SGD. */
  readonly momentum?: number;
  /** Largest norm of the gradients. */
  readonly clip?: number;
  readonly augmentation: Augmentation & { readonly crop: number };
}

/** Settings for `compactSegmentation` on MobileNetV2 and a few hundred photos. */
export const COMPACT_TRAINING = {
  epochs: 8,
  batchSize: 8,
  optimizer: 'adamW',
  learningRate: 1e-4,
  headMultiplier: 10,
  weightDecay: 1e-4,
  clip: 5,
  augmentation: {
    scale: [0.5, 1.25],
    flip: 0.5,
    jitter: { brightness: 0.3, contrast: 0.3, saturation: 0.3 },
    crop: 321,
  },
} as const satisfies SegmentationSchedule;
