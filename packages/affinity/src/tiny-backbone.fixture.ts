import { relu, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS } from '@wsss/core';
import { namedLayers, parameterBuilder } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';

/** Taps at strides 4, 8 and 16, for tests: three convolutions. */
export function tinyBackbone(seed = 3): Backbone {
  const builder = parameterBuilder({ seed });
  builder.conv2d('one', { in: 3, out: 6, kernel: 5, bias: true });
  builder.conv2d('two', { in: 6, out: 8, kernel: 3 });
  builder.conv2d('three', { in: 8, out: 10, kernel: 3 });
  return {
    taps: {
      one: { stride: 4, channels: 6 },
      two: { stride: 8, channels: 8 },
      three: { stride: 16, channels: 10 },
    },
    classifierTap: 'three',
    parameters: builder.parameters,
    preprocess: IMAGENET_PREPROCESS,
    forward: (images, { taps = ['three'], onLayer } = {}) =>
      tidy(() => {
        const layers = namedLayers(builder.parameters, onLayer ? { onLayer } : {});
        const one = relu(layers.conv2d('one', images, { stride: 4, padding: 2 }));
        const two = relu(layers.conv2d('two', one, { stride: 2, padding: 1 }));
        const three = relu(layers.conv2d('three', two, { stride: 2, padding: 1 }));
        const all: Record<string, Tensor4D> = { one, two, three };
        return Object.fromEntries(taps.map((tap) => [tap, all[tap]!]));
      }),
    dispose: () => builder.dispose(),
  };
}

/** A head on it that needs all that heads can do but group norm. */
export const TINY_HEAD = {
  sides: [
    { tap: 'one', layer: 'side_one', width: 4 },
    { tap: 'two', layer: 'side_two', width: 4 },
    { tap: 'three', layer: 'side_three', width: 8 },
  ],
  output: { layer: 'fuse', width: 12 },
  stride: 8,
  equalise: true,
} as const;
