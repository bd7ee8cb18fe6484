import { mul, ones, reshape, type Tensor4D } from '@tensorflow/tfjs-core';
import { globalAveragePool } from '@wsss/core/layers';

/** The mean of each channel over the image, changed by a function of `[n, 1, 1, F]`, at every cell. */
export function spread(x: Tensor4D, change: (pooled: Tensor4D) => Tensor4D): Tensor4D {
  const [n, h, w, F] = x.shape;
  const changed = change(reshape(globalAveragePool(x), [n, 1, 1, F]));
  // Times ones: broadcasting has a gradient on every backend, where tiling has none on some.
  return mul(changed, ones([1, h, w, 1]));
}
