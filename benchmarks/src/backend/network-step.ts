import {
  dispose,
  mean,
  mul,
  type Scalar,
  softplus,
  sub,
  type Tensor4D,
  tensor2d,
  tensor4d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';
import type { Network } from '@wsss/networks';
import type { StepSetting } from './training-step';

/** Seeded normal values `[batch, size, size, 3]`. */
export function inputImages(batch: number, size: number): Tensor4D {
  const stream = random(7);
  const values = Float32Array.from({ length: batch * size * size * 3 }, () => stream.normal());
  return tensor4d(values, [batch, size, size, 3]);
}

/** A step of gradient descent of a network of `@wsss/networks` with its classifier, batch norm on its running statistics. */
export function trainingStepOf(network: Network, { size, batch, classes }: StepSetting): () => Promise<number> {
  const images = inputImages(batch, size);
  const stream = random(8);
  const labels = tensor2d(
    Float32Array.from({ length: batch * classes }, () => (stream.next() < 0.2 ? 1 : 0)),
    [batch, classes],
  );
  const parameters = [...network.parameters.values()].filter(({ trainable }) => trainable);
  return async () => {
    const { value, grads } = variableGrads(() => {
      const logits = network.logits(images, { training: true, seed: 1 });
      return mean(sub(softplus(logits), mul(labels, logits))) as Scalar;
    }, parameters);
    tidy(() => {
      for (const each of parameters) each.assign(sub(each, mul(grads[each.name]!, 1e-3)));
    });
    const result = (await value.data())[0]!;
    dispose([value, grads]);
    return result;
  };
}
