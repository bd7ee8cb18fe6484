/** How a network wants its images: channel order, then `(x · scale − mean) / std` for x in 0..255. */
export interface Preprocess {
  readonly order: 'rgb' | 'bgr';
  readonly scale: number;
  /** One per channel, in `order`. */
  readonly mean: readonly number[];
  /** One per channel, in `order`. */
  readonly std: readonly number[];
}

/** What torchvision's ImageNet models want, and PSA's ResNet-38: RGB in 0..1, minus the mean, by the deviation. */
export const IMAGENET_PREPROCESS = {
  order: 'rgb',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const satisfies Preprocess;

/** What networks with weights from Caffe want, PSA's VGG16 among them: BGR in 0..255, minus the mean colour. */
export const CAFFE_PREPROCESS = {
  order: 'bgr',
  scale: 1,
  mean: [104.008, 116.669, 122.675],
  std: [1, 1, 1],
} as const satisfies Preprocess;
