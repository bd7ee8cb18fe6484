import { relu, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS, ValueError } from '@wsss/core';
import { namedLayers, parameterBuilder } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';

const LAYERS = [
  ['one', 3, 8, 2],
  ['two', 8, 12, 2],
  ['three', 12, 16, 2],
] as const;

/** Taps at strides 2, 4 and 8, for tests: three convolutions. */
export function smallBackbone(seed = 3): Backbone {
  const builder = parameterBuilder({ seed });
  for (const [name, input, out] of LAYERS) builder.conv2d(name, { in: input, out, kernel: 3, bias: true });
  return {
    taps: {
      one: { stride: 2, channels: 8 },
      two: { stride: 4, channels: 12 },
      three: { stride: 8, channels: 16 },
    },
    classifierTap: 'three',
    parameters: builder.parameters,
    preprocess: IMAGENET_PREPROCESS,
    forward: (images, { taps = ['three'], onLayer, from } = {}) =>
      tidy(() => {
        const layers = namedLayers(builder.parameters, onLayer ? { onLayer } : {});
        const found: Record<string, Tensor4D> = {};
        let x = images;
        const start = from === undefined ? 0 : LAYERS.findIndex(([name]) => name === from) + 1;
        for (const [name, , , stride] of LAYERS.slice(start)) {
          x = relu(layers.conv2d(name, x, { stride, padding: 1 }));
          found[name] = x;
        }
        return Object.fromEntries(
          taps.map((tap) => {
            if (!found[tap]) throw new ValueError('smallBackbone', 'taps', 'to be a later tap', tap);
            return [tap, found[tap]];
          }),
        );
      }),
    dispose: () => builder.dispose(),
  };
}
