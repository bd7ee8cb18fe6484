import { SIPE_AUGMENTATION } from '@wsss/train';

/** The released recipe for VOC, on weights of ImageNet. */
export const SIPE_RECIPE = {
  /** Images in a batch; a last batch that is not full is left out. */
  batchSize: 16,
  epochs: 5,
  /** Of the backbone, at the first step; it falls with the power 0.9. */
  learningRate: 0.1,
  /** Of the new layers' learning rate, relative to the backbone's. */
  newLayers: 10,
  weightDecay: 1e-4,
  /** Largest global norm of the gradients. */
  clip: 1,
  augmentation: SIPE_AUGMENTATION,
} as const;
