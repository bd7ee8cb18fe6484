import type { Preprocess } from '@wsss/core';

/** What TensorFlow's MobileNet and DeepLab weights want: RGB in −1..1. */
export const TENSORFLOW_PREPROCESS = {
  order: 'rgb',
  scale: 1 / 127.5,
  mean: [1, 1, 1],
  std: [1, 1, 1],
} as const satisfies Preprocess;
