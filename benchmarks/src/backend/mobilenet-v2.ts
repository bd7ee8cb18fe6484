import type { Tensor2D } from '@tensorflow/tfjs-core';
import { globalAveragePool, linear, parameterBuilder } from '@wsss/core/layers';
import { mobilenetV2 } from '@wsss/networks';
import type { Trainable } from './training-step';

/** MobileNetV2 of `@wsss/networks` at output stride 16, batch norm on its running statistics, with a linear classifier. */
export function mobilenet(classes: number): Trainable {
  const network = mobilenetV2({ outputStride: 16 });
  const head = parameterBuilder({ seed: 2 });
  head.linear('head', { in: 1280, out: classes });
  const [weight, bias] = ['head.weight', 'head.bias'].map((name) => head.parameters.get(name)!) as [
    NonNullable<ReturnType<typeof head.parameters.get>>,
    NonNullable<ReturnType<typeof head.parameters.get>>,
  ];
  return {
    forward(images): Tensor2D {
      const { [network.classifierTap]: features } = network.forward(images, { training: true });
      return linear(globalAveragePool(features!), weight, { bias });
    },
    get parameters() {
      return [...network.parameters.values(), weight, bias].filter((parameter) => parameter.trainable);
    },
  };
}
