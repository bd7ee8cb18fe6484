import {
  dispose,
  mean,
  mul,
  type Scalar,
  softplus,
  sub,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tensor4d,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';

/** A network with logits `[n, classes]`. */
export interface Trainable {
  readonly parameters: Variable[];
  forward(images: Tensor4D): Tensor2D;
}

export interface StepSetting {
  readonly size: number;
  readonly batch: number;
  readonly classes: number;
}

/** One training step: forward, loss, backward, plain gradient descent. Resolves to the loss. */
export function trainingStep(network: Trainable, { size, batch, classes }: StepSetting): () => Promise<number> {
  const stream = random(7);
  const draw = (length: number, f: () => number) => Float32Array.from({ length }, f);
  const images = tensor4d(
    draw(batch * size * size * 3, () => stream.normal()),
    [batch, size, size, 3],
  );
  const labels = tensor2d(
    draw(batch * classes, () => (stream.next() < 0.2 ? 1 : 0)),
    [batch, classes],
  );
  const loss = () => {
    const logits = network.forward(images);
    return mean(sub(softplus(logits), mul(labels, logits))) as Scalar;
  };
  tidy(loss); // declares the parameters
  return async () => {
    const { value, grads } = variableGrads(loss, network.parameters);
    tidy(() => {
      for (const parameter of network.parameters) {
        parameter.assign(sub(parameter, mul(grads[parameter.name]!, 1e-3)));
      }
    });
    const result = (await value.data())[0]!;
    dispose([value, grads]);
    return result;
  };
}
