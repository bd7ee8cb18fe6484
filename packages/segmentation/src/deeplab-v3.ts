import { ValueError } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import { type Aspp, declareAspp, declareNormed, type HeadNorm, runAspp, runNormed } from './aspp';
import { checkHead } from './check-head';
import {
  bodyTap,
  channelsOf,
  makeSegmentation,
  type SegmentationNetwork,
  type SegmentationOptions,
} from './segmentation-network';

export interface DeeplabV3Options extends SegmentationOptions {
  /** What the head stands on. @default 'features.17' of MobileNetV2, else the classifier's tap */
  readonly tap?: string;
  /** Channels of each branch, and of what follows. @default 256 */
  readonly width?: number;
  /** Dilations of the pyramid's 3×3 convolutions; none for the lightest form. @default [12, 24, 36], for stride 8 */
  readonly rates?: readonly number[];
  /** A 3×3 convolution between pyramid and classifier, as torchvision has it. @default true */
  readonly refine?: boolean;
  /** What follows the convolutions. @default 'batch' */
  readonly norm?: HeadNorm;
  /** Probability that a channel of the pyramid is dropped in training. @default 0.5 */
  readonly dropout?: number;
  /** How scores are brought to the size of the image: torch's convention or TensorFlow's. @default false */
  readonly alignCorners?: boolean;
}

/** The head of TensorFlow's small DeepLab v3 on MobileNetV2, as its released weights have it: no dilated branch. */
export const TENSORFLOW_DEEPLAB = {
  rates: [],
  refine: false,
  norm: 'none',
  alignCorners: true,
} as const satisfies Partial<DeeplabV3Options>;

/**
 * DeepLab v3: a pyramid of a 1×1 convolution, dilated 3×3 convolutions and the mean of the image, one convolution, the
 * classes. Parameters have the names of torchvision's `deeplabv3_*` files.
 *
 * @param backbone At output stride 8 or 16 (then halve the rates). Only lent.
 * @throws {ValueError} if an option is out of range, or the backbone lacks the tap.
 *
 * @example
 * const network = deeplabV3(resnet50({ outputStride: 8, dilated: true }), { classes: 21 });
 *
 * Source: Chen et al., "Rethinking atrous convolution for semantic image segmentation", 2017.
 */
export function deeplabV3(backbone: Backbone, options: DeeplabV3Options): SegmentationNetwork {
  const where = 'deeplabV3';
  const { tap = bodyTap(backbone), width = 256, rates = [12, 24, 36], refine = true } = options;
  const { classes, norm = 'batch', dropout = 0.5, alignCorners = false } = options;
  checkHead(where, { width, rates, dropout, norm });
  if (typeof refine !== 'boolean') throw new ValueError(where, 'refine', 'to be true or false', refine);
  const aspp: Aspp = { name: 'classifier.0', in: channelsOf(where, backbone, tap), width, rates, norm, dropout };
  const between = { conv: 'classifier.1', norm: 'classifier.2', in: width, out: width, kernel: 3 } as const;
  return makeSegmentation(backbone, options, {
    name: where,
    taps: [tap],
    alignCorners,
    declare(builder) {
      declareAspp(builder, aspp);
      if (refine) declareNormed(builder, norm, between);
      builder.conv2d('classifier.4', { in: width, out: classes, kernel: 1, bias: true });
    },
    run(layers, taps) {
      const pyramid = runAspp(layers, aspp, taps[tap]!);
      const refined = refine ? runNormed(layers, norm, between, pyramid) : pyramid;
      return layers.conv2d('classifier.4', refined);
    },
  });
}
