import type { Preprocess } from '@wsss/core';

/** torchvision's and PSA's ResNet: RGB / 255, minus ImageNet's mean, over its standard deviation. */
export const IMAGENET_PREPROCESS: Preprocess = {
  order: 'rgb',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** TensorFlow's MobileNet and DeepLab: RGB in −1..1. */
export const TENSORFLOW_PREPROCESS: Preprocess = {
  order: 'rgb',
  scale: 1 / 127.5,
  mean: [1, 1, 1],
  std: [1, 1, 1],
};

/** Caffe's VGG16, as PSA uses it: BGR in 0..255, minus the mean. */
export const CAFFE_PREPROCESS: Preprocess = {
  order: 'bgr',
  scale: 1,
  mean: [104.008, 116.669, 122.675],
  std: [1, 1, 1],
};
