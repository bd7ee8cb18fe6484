import { addN } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { constantValue, normalValues } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';
import { checkHead } from './check-head';
import {
  channelsOf,
  makeSegmentation,
  type SegmentationNetwork,
  type SegmentationOptions,
} from './segmentation-network';

export interface DeeplabV2Options extends SegmentationOptions {
  /** What the head stands on. @default the classifier's tap */
  readonly tap?: string;
  /** Dilations of the branches. @default [6, 12, 18, 24] */
  readonly rates?: readonly number[];
}

/**
 * DeepLab v2: scores from 3×3 convolutions of several dilations (ASPP), added up. The head's parameters are
 * `aspp.c0.weight` … `aspp.c3.bias`.
 *
 * @param backbone `resnet101()`, stride 8 with dilation. Only lent.
 * @throws {ValueError} if an option is out of range, or the backbone lacks the tap.
 *
 * @example
 * const network = deeplabV2(resnet101(), { classes: 21 });
 *
 * Source: Chen et al., "DeepLab: semantic image segmentation with deep convolutional nets, atrous convolution, and fully
 * connected CRFs", TPAMI 2018, section 3.3.
 */
export function deeplabV2(backbone: Backbone, options: DeeplabV2Options): SegmentationNetwork {
  const where = 'deeplabV2';
  const { tap = backbone.classifierTap, rates = [6, 12, 18, 24], classes } = options;
  checkHead(where, { rates });
  if (rates.length === 0) throw new ValueError(where, 'rates', 'to hold at least one', rates);
  const input = channelsOf(where, backbone, tap);
  const initialisers = { initialiser: normalValues(0.01), biasInitialiser: constantValue(0) };
  return makeSegmentation(backbone, options, {
    name: where,
    taps: [tap],
    declare(builder) {
      for (const i of rates.keys()) {
        builder.conv2d(`aspp.c${i}`, { in: input, out: classes, kernel: 3, bias: true, ...initialisers });
      }
    },
    run: (layers, taps) =>
      addN(rates.map((dilation, i) => layers.conv2d(`aspp.c${i}`, taps[tap]!, { padding: dilation, dilation }))),
  });
}
