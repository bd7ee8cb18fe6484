import { concat } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { type Backbone, resizeBilinear } from '@wsss/core/tensor';
import { type Aspp, declareAspp, declareNormed, type HeadNorm, runAspp, runNormed } from './aspp';
import { checkHead } from './check-head';
import {
  bodyTap,
  channelsOf,
  makeSegmentation,
  type SegmentationNetwork,
  type SegmentationOptions,
} from './segmentation-network';

export interface DeeplabV3PlusOptions extends SegmentationOptions {
  /** What the pyramid stands on. @default 'features.17' of MobileNetV2, else the classifier's tap */
  readonly tap?: string;
  /** The finer features that it is joined with. @default the backbone's last tap of stride 4 */
  readonly lowTap?: string;
  /** Channels of each branch, and of what follows. @default 256 */
  readonly width?: number;
  /** Channels of the finer features. @default 48 */
  readonly lowWidth?: number;
  /** Dilations of the pyramid's 3×3 convolutions. @default [6, 12, 18], for stride 16; twice that for 8 */
  readonly rates?: readonly number[];
  /** What follows the convolutions. @default 'batch' */
  readonly norm?: HeadNorm;
  /** Probability that a channel of the pyramid is dropped in training. @default 0.1 */
  readonly dropout?: number;
}

/**
 * DeepLab v3+: the pyramid of DeepLab v3, brought to a quarter of the image's size and joined with finer features there.
 * The head's parameters have the names of the common PyTorch form, `classifier.aspp.…`, `classifier.project.…`.
 *
 * @param backbone `resnet50({ outputStride: 16, dilated: true })`, `mobilenetV2({ outputStride: 16 })`. Only lent.
 * @throws {ValueError} if an option is out of range, or the backbone lacks a tap.
 *
 * @example
 * const network = deeplabV3Plus(mobilenetV2({ outputStride: 16 }), { classes: 21 });
 *
 * Source: Chen et al., "Encoder-decoder with atrous separable convolution for semantic image segmentation", ECCV 2018.
 */
export function deeplabV3Plus(backbone: Backbone, options: DeeplabV3PlusOptions): SegmentationNetwork {
  const where = 'deeplabV3Plus';
  const { tap = bodyTap(backbone), lowTap = quarterTap(where, backbone), width = 256, lowWidth = 48 } = options;
  const { classes, rates = [6, 12, 18], norm = 'batch', dropout = 0.1 } = options;
  checkHead(where, { width, rates, dropout, norm });
  if (!(Number.isSafeInteger(lowWidth) && lowWidth >= 1)) {
    throw new ValueError(where, 'lowWidth', 'to be a whole number ≥ 1', lowWidth);
  }
  const input = channelsOf(where, backbone, tap);
  const aspp: Aspp = { name: 'classifier.aspp', in: input, width, rates, norm, dropout };
  const low = {
    conv: 'classifier.project.0',
    norm: 'classifier.project.1',
    in: channelsOf(where, backbone, lowTap),
    out: lowWidth,
    kernel: 1,
  } as const;
  const joined = {
    conv: 'classifier.classifier.0',
    norm: 'classifier.classifier.1',
    in: width + lowWidth,
    out: width,
    kernel: 3,
  } as const;
  return makeSegmentation(backbone, options, {
    name: where,
    taps: [lowTap, tap],
    declare(builder) {
      declareNormed(builder, norm, low);
      declareAspp(builder, aspp);
      declareNormed(builder, norm, joined);
      builder.conv2d('classifier.classifier.3', { in: width, out: classes, kernel: 1, bias: true });
    },
    run(layers, taps) {
      const fine = runNormed(layers, norm, low, taps[lowTap]!);
      const size: [number, number] = [fine.shape[1], fine.shape[2]];
      const pyramid = resizeBilinear(runAspp(layers, aspp, taps[tap]!), size);
      return layers.conv2d('classifier.classifier.3', runNormed(layers, norm, joined, concat([fine, pyramid], 3)));
    },
  });
}

function quarterTap(where: string, { taps }: Backbone): string {
  const found = Object.keys(taps)
    .reverse()
    .find((tap) => taps[tap]!.stride === 4);
  if (found !== undefined) return found;
  const hint = `Name one of ${Object.keys(taps).join(', ')}.`;
  throw new ValueError(where, 'lowTap', 'to be given where the backbone has no tap of stride 4', undefined, hint);
}
