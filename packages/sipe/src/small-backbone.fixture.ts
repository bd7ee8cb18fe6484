import { type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS } from '@wsss/core';
import { conv2d, parameter, parameterBuilder } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';

/** A network of three convolutions with taps at strides 2, 4 and 4, of which the first may be frozen. */
export function smallBackbone({ seed = 3, frozen = false } = {}): Backbone {
  const builder = parameterBuilder({ seed });
  const layers = [
    ['early', 3, 8, 2],
    ['middle', 8, 12, 2],
    ['late', 12, 16, 1],
  ] as const;
  for (const [name, input, out] of layers) {
    builder.conv2d(name, { in: input, out, kernel: 3, bias: true, trainable: !(frozen && name === 'early') });
  }
  return {
    taps: { early: { stride: 2, channels: 8 }, middle: { stride: 4, channels: 12 }, late: { stride: 4, channels: 16 } },
    classifierTap: 'late',
    parameters: builder.parameters,
    preprocess: IMAGENET_PREPROCESS,
    forward: (images, { taps = ['late'] } = {}) =>
      tidy(() => {
        const found: Record<string, Tensor4D> = {};
        let x = images;
        for (const [name, , , stride] of layers) {
          const [weight, bias] = ['weight', 'bias'].map((part) => parameter(builder.parameters, `${name}.${part}`));
          x = conv2d(x, weight!, { bias: bias!, stride, padding: 1, activation: 'relu' });
          if (taps.includes(name)) found[name] = x;
        }
        return found;
      }),
    dispose: () => builder.dispose(),
  };
}
