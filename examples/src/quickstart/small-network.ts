import { relu, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { Preprocess } from '@wsss/core';
import { globalAveragePool, namedLayers, parameterBuilder, xavierUniform } from '@wsss/core/layers';
import type { Backbone, ForwardOptions } from '@wsss/core/tensor';

/** A network small enough to be trained from nothing in a minute. */
export interface SmallNetwork extends Backbone {
  /** Class scores before the sigmoid, `[n, C]`: the mean over each class's map. */
  logits(images: Tensor4D, options?: Pick<ForwardOptions, 'training'>): Tensor2D;
}

/** Output channels and stride of each 3 × 3 convolution. */
const LAYERS = [
  [16, 2],
  [32, 2],
  [64, 2],
  [96, 1],
  [96, 1],
] as const;

const PREPROCESS: Preprocess = {
  order: 'rgb',
  scale: 1 / 255,
  mean: [0.45, 0.45, 0.45],
  std: [0.25, 0.25, 0.25],
};

/**
 * Five convolutions with batch norm and ReLU, 8 pixels a cell at the end, and a linear classifier without bias on the
 * mean of the cells. Any such {@link Backbone} can stand in its place.
 */
export function smallNetwork({ classes, seed }: { classes: number; seed: number }): SmallNetwork {
  const builder = parameterBuilder({ seed });
  const taps: Record<string, { stride: number; channels: number }> = {};
  let channels = 3;
  let cell = 1;
  for (const [i, [out, stride]] of LAYERS.entries()) {
    builder.conv2d(`conv${i + 1}`, { in: channels, out, kernel: 3 });
    builder.batchNorm(`norm${i + 1}`, out);
    channels = out;
    cell *= stride;
    taps[`block${i + 1}`] = { stride: cell, channels };
  }
  builder.linear('classifier', { in: channels, out: classes, bias: false, initialiser: xavierUniform() });
  const classifierTap = `block${LAYERS.length}`;
  const { parameters } = builder;

  const forward: Backbone['forward'] = (images, { taps: wanted = [classifierTap], training = false, onLayer } = {}) =>
    tidy(() => {
      const layer = namedLayers(parameters, onLayer && { onLayer });
      const outputs: Record<string, Tensor4D> = {};
      let x = images;
      for (const [i, [, stride]] of LAYERS.entries()) {
        const convolved = layer.conv2d(`conv${i + 1}`, x, { stride, padding: 1 });
        x = relu(layer.batchNorm(`norm${i + 1}`, convolved, { trained: training }));
        if (wanted.includes(`block${i + 1}`)) outputs[`block${i + 1}`] = x;
      }
      return outputs;
    });

  return {
    taps,
    classifierTap,
    classifierWeights: 'classifier.weight',
    parameters,
    preprocess: PREPROCESS,
    forward,
    logits: (images, options = {}) =>
      tidy(() => {
        const features = forward(images, { taps: [classifierTap], ...options })[classifierTap]!;
        return namedLayers(parameters).linear('classifier', globalAveragePool(features));
      }),
    dispose: () => builder.dispose(),
  };
}
