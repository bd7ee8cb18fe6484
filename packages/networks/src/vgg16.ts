import type { Tensor4D } from '@tensorflow/tfjs-core';
import { CAFFE_PREPROCESS, ValueError } from '@wsss/core';
import { averagePool2d, globalAveragePool, maxPool2d, xavierUniform } from '@wsss/core/layers';
import type { NetworkOptions, Step } from './architecture';
import { declare } from './declare';
import { frozenStages } from './frozen-stages';
import { makeNetwork, type Network } from './make-network';

export interface Vgg16Options extends Omit<NetworkOptions, 'batchNorm'> {
  /** Pixels per cell of the last tap: 8 as in PSA; at 16 pool4 strides and conv5 does not dilate. @default 8 */
  outputStride?: 8 | 16;
  /** Dilation of fc6: 1 in PSA's classifier, 4 in its AffinityNet. @default 1 */
  fc6Dilation?: number;
  /** The pools after conv5 of DeepLab-LargeFOV, 3×3 of stride 1, maximum and mean; PSA leaves them out. @default false */
  pool5?: boolean;
  /** The last stage that does not train: 1 to 5 the stages of convolutions, 6 and 7 fc6 and fc7. @default 2, PSA's */
  frozen?: number | boolean;
}

/** Channels and number of the convolutions of each stage. */
const STAGES = [
  [64, 2],
  [128, 2],
  [256, 3],
  [512, 3],
  [512, 3],
] as const;

/**
 * VGG16 as PSA changed it: 3×3 max-pools, the fourth without a stride, dilated conv5, and convolutions fc6 and fc7 of
 * 1024 channels. Taps `conv4` (before pool4) and `conv5`, 512 channels, and `conv5fc` (1024, the classifier's);
 * `classes` adds PSA's `fc8`, a 1×1 convolution without bias, whose maps are pooled. Its CAMs take the square root.
 *
 * @throws {ValueError} if an option is out of range.
 *
 * Source: Simonyan & Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015,
 * configuration D; Ahn & Kwak, CVPR 2018.
 */
export function vgg16(options: Vgg16Options = {}): Network {
  const { outputStride = 8, fc6Dilation = 1, pool5 = false, classes } = options;
  if (![8, 16].includes(outputStride)) throw new ValueError('vgg16', 'outputStride', 'to be 8 or 16', outputStride);
  if (!(Number.isSafeInteger(fc6Dilation) && fc6Dilation >= 1)) {
    throw new ValueError('vgg16', 'fc6Dilation', 'to be a whole number ≥ 1', fc6Dilation);
  }
  const trains = frozenStages('vgg16', options.frozen ?? 2, 7);
  const declared = declare('vgg16', options);
  const steps: Step[] = [];
  let channels = 3;
  const convolution = (name: string, out: number, kernel: number, stage: number, dilation: number, tap?: string) => {
    declared.builder.conv2d(name, { in: channels, out, kernel, bias: true, trainable: trains(stage) });
    const padding = ((kernel - 1) / 2) * dilation;
    steps.push({
      ...(tap && { tap }),
      run: (layers, x) => layers.conv2d(name, x, { padding, dilation, activation: 'relu' }),
    });
    channels = out;
  };

  STAGES.forEach(([out, count], s) => {
    const stage = s + 1;
    const dilation = stage === 5 ? 16 / outputStride : 1;
    for (let i = 1; i <= count; i++) {
      const tap = i === count && stage >= 4 ? `conv${stage}` : undefined;
      convolution(`conv${stage}_${i}`, out, 3, stage, dilation, tap);
    }
    if (stage === 5) {
      // pool5 is declared in PSA's code, but not used.
      if (!pool5) return;
      steps.push({ run: (layers, x) => layers.told('pool5', maxPool2d(x, 3, { stride: 1, padding: 1 })) });
      steps.push({ run: (layers, x) => layers.told('pool5a', averagePool2d(x, 3, { stride: 1, padding: 1 })) });
      return;
    }
    const stride = stage === 4 && outputStride === 8 ? 1 : 2;
    steps.push({ run: (layers, x) => layers.told(`pool${stage}`, maxPool2d(x, 3, { stride, padding: 1 })) });
  });
  convolution('fc6', 1024, 3, 6, fc6Dilation);
  steps.push({ run: (layers, x) => layers.dropout('drop6', x, 0.5) });
  convolution('fc7', 1024, 1, 7, 1, 'conv5fc');
  if (classes !== undefined) {
    declared.builder.conv2d('fc8', { in: 1024, out: classes, kernel: 1, initialiser: xavierUniform() });
  }

  return makeNetwork(
    {
      name: 'vgg16',
      taps: {
        conv4: { stride: 8, channels: 512 },
        conv5: { stride: outputStride, channels: 512 },
        conv5fc: { stride: outputStride, channels: 1024 },
      },
      classifierTap: 'conv5fc',
      ...(classes !== undefined && {
        classifierWeights: 'fc8.weight',
        head: (layers, features: Tensor4D) =>
          globalAveragePool(layers.conv2d('fc8', layers.dropout('drop7', features, 0.5))),
      }),
      activation: 'sqrtRelu',
      preprocess: options.preprocess ?? CAFFE_PREPROCESS,
      batchNorm: 'running',
      checkpoint: options.checkpoint ?? false,
      epsilon: 1e-5,
      normed: [],
      steps,
    },
    declared.variables(),
  );
}
