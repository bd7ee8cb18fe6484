import { concat, relu, type Tensor4D } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import type { ParameterBuilder } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';
import {
  bodyTap,
  channelsOf,
  type HeadLayers,
  makeSegmentation,
  type SegmentationNetwork,
  type SegmentationOptions,
} from './segmentation-network';
import { spread } from './spread';

export interface CompactSegmentationOptions extends SegmentationOptions {
  /** What the head stands on. @default 'features.17' of MobileNetV2, else the classifier's tap */
  readonly tap?: string;
  /** Channels of each branch. @default 96 */
  readonly width?: number;
  /** Groups of the group norms, a divisor of `width`. @default 8 */
  readonly groups?: number;
  /** Dilations of the separable branches. @default [3, 6] */
  readonly dilations?: readonly number[];
  /** Channels of all branches together. @default 128 */
  readonly hidden?: number;
  /** Probability that one of those is dropped in training. @default 0.1 */
  readonly dropout?: number;
}

/**
 * A small head for few photos and small batches: a 1×1 convolution, separable 3×3 convolutions of several dilations, and
 * the mean of the image, each with group norm and ReLU; all together through a 1×1 convolution, ReLU, dropout, and a 1×1
 * convolution to the classes. It has no batch statistics, so that batches may be small.
 *
 * @param backbone Only lent: keep it undisposed as long as the network is in use.
 * @throws {ValueError} if an option is out of range, or the backbone lacks the tap.
 *
 * @example
 * const network = compactSegmentation(mobilenetV2({ outputStride: 16 }), { classes: 21 });
 *
 * Source: ours; a narrow form of the spatial pyramid of Chen et al., "Rethinking atrous convolution for semantic image
 * segmentation", 2017, with group norm (Wu & He, ECCV 2018).
 */
export function compactSegmentation(backbone: Backbone, options: CompactSegmentationOptions): SegmentationNetwork {
  const { classes, width = 96, groups = 8, dilations = [3, 6], hidden = 128, dropout = 0.1 } = options;
  const where = 'compactSegmentation';
  const tap = options.tap ?? bodyTap(backbone);
  const whole = (n: number) => Number.isSafeInteger(n) && n >= 1;
  if (!(whole(width) && whole(groups) && width % groups === 0)) {
    throw new ValueError(where, 'groups', `to divide the width, ${width}`, groups);
  }
  if (!whole(hidden)) throw new ValueError(where, 'hidden', 'to be a whole number ≥ 1', hidden);
  if (!dilations.every(whole)) throw new ValueError(where, 'dilations', 'to be whole numbers ≥ 1', dilations);
  if (!(dropout >= 0 && dropout < 1)) throw new ValueError(where, 'dropout', 'to be in [0, 1)', dropout);

  const channels = channelsOf(where, backbone, tap);
  const declare = (builder: ParameterBuilder) => {
    builder.conv2d('point.conv', { in: channels, out: width, kernel: 1 });
    builder.groupNorm('point.norm', width);
    for (const dilation of dilations) {
      builder.conv2d(`around${dilation}.depthwise`, { in: channels, out: channels, kernel: 3, groups: channels });
      builder.conv2d(`around${dilation}.conv`, { in: channels, out: width, kernel: 1 });
      builder.groupNorm(`around${dilation}.norm`, width);
    }
    builder.conv2d('image.conv', { in: channels, out: width, kernel: 1 });
    builder.groupNorm('image.norm', width);
    builder.conv2d('fuse', { in: (dilations.length + 2) * width, out: hidden, kernel: 1, bias: true });
    // Not close to zero, as DeepLab's: few steps would go into growing it.
    builder.conv2d('classifier', { in: hidden, out: classes, kernel: 1, bias: true });
  };
  const branch = (layers: HeadLayers, name: string, x: Tensor4D) =>
    relu(layers.groupNorm(`${name}.norm`, layers.conv2d(`${name}.conv`, x), { groups }));
  return makeSegmentation(backbone, options, {
    name: where,
    taps: [tap],
    declare,
    run: (layers, taps) => {
      const x = taps[tap]!;
      const branches = [
        branch(layers, 'point', x),
        ...dilations.map((dilation) => {
          const around = { groups: x.shape[3], padding: dilation, dilation };
          return branch(layers, `around${dilation}`, layers.conv2d(`around${dilation}.depthwise`, x, around));
        }),
        spread(x, (pooled) => branch(layers, 'image', pooled)),
      ];
      const fused = layers.conv2d('fuse', concat(branches, 3), { activation: 'relu' });
      return layers.conv2d('classifier', layers.dropout('dropout', fused, dropout));
    },
  });
}
