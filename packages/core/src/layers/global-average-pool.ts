import { mean, reshape, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import type { TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';

/**
 * The mean of each channel over all cells.
 *
 * @param x `[n, h, w, C]`.
 * @returns `[n, C]`.
 */
export function globalAveragePool(x: TensorInput): Tensor2D {
  const { n, h, w, C } = matchShape('globalAveragePool', 'x', x.shape, ['n', 'h', 'w', 'C']);
  return tidy(() => mean(reshape(floatTensor('globalAveragePool', 'x', x), [n, h * w, C]), 1));
}
