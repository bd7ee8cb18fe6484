import { ValueError } from '@wsss/core';
import { constantValue, kaimingNormal } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';
import { declareNormed, runNormed } from './aspp';
import {
  channelsOf,
  makeSegmentation,
  type SegmentationNetwork,
  type SegmentationOptions,
} from './segmentation-network';

export interface Resnet38SegmentationOptions extends SegmentationOptions {
  /** What the head stands on. @default the classifier's tap */
  readonly tap?: string;
  /** Channels between the two convolutions. @default 512 */
  readonly width?: number;
  /** Of both. @default 12, for stride 8 */
  readonly dilation?: number;
}

/**
 * The segmentation network on ResNet-38 that PSA trained last: two 3×3 convolutions of dilation 12, batch norm and ReLU
 * between them ("Model A1, 2 conv."). The head's parameters are `conv6a`, `bn6a` and `linear` with the number of classes.
 * Its authors trained it with {@link ohemCrossEntropy}.
 *
 * @param backbone `resnet38d()`, stride 8. Only lent.
 * @throws {ValueError} if an option is out of range, or the backbone lacks the tap.
 *
 * @example
 * const network = resnet38Segmentation(resnet38d(), { classes: 21 });
 *
 * Source: Wu, Shen & van den Hengel, "Wider or deeper: revisiting the ResNet model for visual recognition", 2016, section
 * on semantic segmentation, and its released code; Ahn & Kwak, CVPR 2018, section 5.
 */
export function resnet38Segmentation(backbone: Backbone, options: Resnet38SegmentationOptions): SegmentationNetwork {
  const where = 'resnet38Segmentation';
  const { tap = backbone.classifierTap, width = 512, dilation = 12, classes } = options;
  for (const [name, value] of Object.entries({ width, dilation })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new ValueError(where, name, 'to be a whole number ≥ 1', value);
    }
  }
  const first = {
    conv: 'conv6a',
    norm: 'bn6a',
    in: channelsOf(where, backbone, tap),
    out: width,
    kernel: 3,
    dilation,
  } as const;
  const last = `linear${classes}`;
  const initialisers = { initialiser: kaimingNormal(), biasInitialiser: constantValue(0) };
  return makeSegmentation(backbone, options, {
    name: where,
    taps: [tap],
    declare(builder) {
      declareNormed(builder, 'batch', first);
      builder.conv2d(last, { in: width, out: classes, kernel: 3, bias: true, ...initialisers });
    },
    run: (layers, taps) =>
      layers.conv2d(last, runNormed(layers, 'batch', first, taps[tap]!), { padding: dilation, dilation }),
  });
}
