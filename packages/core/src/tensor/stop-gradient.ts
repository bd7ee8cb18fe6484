import { clone, type Rank, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import { asTensor, type TensorInput } from './as-tensor';
import { withGradient } from './with-gradient';

/**
 * The same values, which nothing is differentiated through: torch's `detach`.
 *
 * Its gradient is zero, where torch has none: `grad` and `grads` of TensorFlow.js refuse a function that an input does not
 * reach. So what lies before it is still gone through backwards, with zeros, and an optimiser that is given its variables
 * decays their weights. To leave a network alone, leave its variables out of the optimiser: TensorFlow.js goes backwards
 * only along what leads to the variables that are asked for.
 *
 * @param x Any shape and dtype.
 */
export function stopGradient<R extends Rank>(x: TensorInput<R>): Tensor<R> {
  return tidy(() => {
    const values = asTensor(x);
    // Nothing is differentiated by integers anyway, and there are no gradients of their dtype.
    if (values.dtype !== 'float32') return clone(values);
    return withGradient<R>(
      [values],
      ([input]) => clone(input!) as Tensor<R>,
      (gradient) => [zerosLike(gradient)],
    );
  });
}
