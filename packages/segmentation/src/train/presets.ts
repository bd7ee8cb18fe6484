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
  /** Biases learn twice as fast and do not decay, as in Caffe. @default false */
  readonly doubleBiases?: boolean;
  /** Largest norm of the gradients; `null` for none. */
  readonly clip?: number | null;
  readonly augmentation: Augmentation & { readonly crop: number };
  /**
   * The network sees each crop at these sizes, relative to it; the loss is the sum over them, and that of the largest
   * scores of all. @default each crop is seen once, as it is
   */
  readonly lossScales?: readonly number[];
}

/** Settings for `compactSegmentation` on MobileNetV2 and a few hundred photos, for which 8 epochs are too few. */
export const COMPACT_TRAINING = {
  epochs: 24,
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

/** DeepLab v2's paper: ResNet-101, three scales at once, 20,000 steps on VOC's 10,582 photos. */
export const DEEPLAB_V2_TRAINING = {
  steps: 20_000,
  batchSize: 10,
  optimizer: 'sgd',
  learningRate: 2.5e-4,
  headMultiplier: 10,
  weightDecay: 5e-4,
  momentum: 0.9,
  doubleBiases: true,
  clip: null,
  augmentation: { scale: [0.5, 1.5], flip: 0.5, crop: 321 },
  lossScales: [0.5, 0.75, 1],
} as const satisfies SegmentationSchedule;

/** DeepLab-LargeFOV on VGG16 with the schedule that DeepLab v2's paper found best for it. */
export const DEEPLAB_LARGE_FOV_TRAINING = {
  steps: 20_000,
  batchSize: 10,
  optimizer: 'sgd',
  learningRate: 1e-3,
  headMultiplier: 10,
  weightDecay: 5e-4,
  momentum: 0.9,
  doubleBiases: true,
  clip: null,
  augmentation: { flip: 0.5, crop: 321 },
} as const satisfies SegmentationSchedule;

/** DeepLab v3+ as it is trained in PyTorch on 10,582 photos, its backbone a tenth as fast as its head. */
export const DEEPLAB_V3_PLUS_TRAINING = {
  steps: 30_000,
  batchSize: 16,
  optimizer: 'sgd',
  learningRate: 1e-3,
  headMultiplier: 10,
  weightDecay: 1e-4,
  momentum: 0.9,
  clip: null,
  augmentation: { scale: [0.5, 2], flip: 0.5, crop: 513 },
} as const satisfies SegmentationSchedule;

/** ResNet-38 on pseudo labels. PSA's own settings were never published; these are what its successor SEAM recommends. */
export const RESNET38_TRAINING = {
  steps: 20_000,
  batchSize: 10,
  optimizer: 'sgd',
  learningRate: 1e-3,
  headMultiplier: 10,
  weightDecay: 5e-4,
  momentum: 0.9,
  clip: null,
  augmentation: {
    scale: [0.5, 2],
    flip: 0.5,
    jitter: { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 },
    crop: 321,
  },
} as const satisfies SegmentationSchedule;
