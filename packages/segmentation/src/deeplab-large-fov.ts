import { constantValue, normalValues } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';
import { checkHead } from './check-head';
import {
  channelsOf,
  makeSegmentation,
  type SegmentationNetwork,
  type SegmentationOptions,
} from './segmentation-network';

export interface DeeplabLargeFovOptions extends SegmentationOptions {
  /** What the head stands on. @default the classifier's tap, the backbone's fc7 */
  readonly tap?: string;
  /** Probability that a channel is dropped before it in training. @default 0.5 */
  readonly dropout?: number;
}

/**
 * DeepLab-LargeFOV: VGG16 whose fc6 sees far, and one 1×1 convolution to the classes, `fc8`. The large field of view is the
 * backbone's: `vgg16({ fc6Dilation: 12, pool5: true })`, a 3×3 fc6 of dilation 12 with 1024 channels.
 *
 * @param backbone Only lent.
 * @throws {ValueError} if an option is out of range, or the backbone lacks the tap.
 *
 * @example
 * const network = deeplabLargeFov(vgg16({ fc6Dilation: 12, pool5: true }), { classes: 21 });
 *
 * Source: Chen et al., "Semantic image segmentation with deep convolutional nets and fully connected CRFs", ICLR 2015,
 * DeepLab-CRF-LargeFOV.
 */
export function deeplabLargeFov(backbone: Backbone, options: DeeplabLargeFovOptions): SegmentationNetwork {
  const where = 'deeplabLargeFov';
  const { tap = backbone.classifierTap, dropout = 0.5, classes } = options;
  checkHead(where, { dropout });
  const input = channelsOf(where, backbone, tap);
  const initialisers = { initialiser: normalValues(0.01), biasInitialiser: constantValue(0) };
  return makeSegmentation(backbone, options, {
    name: where,
    taps: [tap],
    declare: (builder) => builder.conv2d('fc8', { in: input, out: classes, kernel: 1, bias: true, ...initialisers }),
    run: (layers, taps) => layers.conv2d('fc8', layers.dropout('drop7', taps[tap]!, dropout)),
  });
}
