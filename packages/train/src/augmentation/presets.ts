import type { Augmentation } from './augment';

const jitter = { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 } as const;

/** PSA's classifier, `train_cls.py`. */
export const PSA_CLASSIFIER_AUGMENTATION = {
  longSide: [256, 512],
  flip: 0.5,
  jitter,
  crop: 448,
  padding: 'mean',
} as const satisfies Augmentation;

/** PSA's AffinityNet, `voc12/data.py`: at the photo's own size, and black around it. */
export const PSA_AFFINITY_AUGMENTATION = {
  flip: 0.5,
  jitter,
  crop: 448,
  padding: 'black',
} as const satisfies Augmentation;

/** IRN's classifier, `step/train_cam.py`. */
export const IRN_CLASSIFIER_AUGMENTATION = {
  longSide: [320, 640],
  flip: 0.5,
  crop: 512,
  padding: 'mean',
} as const satisfies Augmentation;

/** IRN's edges and displacements. */
export const IRN_AFFINITY_AUGMENTATION = {
  scale: [0.5, 1.5],
  flip: 0.5,
  crop: 512,
  padding: 'mean',
} as const satisfies Augmentation;

/** SIPE. */
export const SIPE_AUGMENTATION = IRN_CLASSIFIER_AUGMENTATION;
