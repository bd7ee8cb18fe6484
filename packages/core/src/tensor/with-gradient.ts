import { clone, customGrad, type GradSaveFunc, type Rank, type Tensor, tidy } from '@tensorflow/tfjs-core';

/**
 * An operation that brings its own gradient, so that it needs none of those that TensorFlow.js may or may not have
 * registered for its parts. Call it inside `tidy`.
 *
 * @param inputs What it is differentiated by, float32.
 * @param forward Computes the value from the inputs; what it saves, `backward` gets.
 * @param backward From the gradient of the value to those of the inputs, in their order.
 */
export function withGradient<R extends Rank>(
  inputs: readonly Tensor[],
  forward: (inputs: readonly Tensor[], save: GradSaveFunc) => Tensor<R>,
  backward: (gradient: Tensor<R>, saved: readonly Tensor[]) => Tensor[],
): Tensor<R> {
  const operation = customGrad<Tensor<R>>((...given) => ({
    value: forward(given.slice(0, -1) as Tensor[], given.at(-1) as GradSaveFunc),
    gradFunc: (gradient, saved) => tidy(() => apart(backward(gradient, saved), [gradient, ...saved])),
  }));
  return operation(...inputs);
}

/** TensorFlow.js disposes gradients that it has added up: each has to be a tensor of its own. */
function apart(slopes: Tensor[], taken: readonly Tensor[]): Tensor[] {
  return slopes.map((slope, i) => (taken.includes(slope) || slopes.indexOf(slope) < i ? clone(slope) : slope));
}
