import { clone, type Rank, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import { asTensor, type TensorInput } from './as-tensor';
import { withGradient } from './with-gradient';

/**
 * The same values, which nothing is differentiated through: torch's `detach`. Its gradient is zero.
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
