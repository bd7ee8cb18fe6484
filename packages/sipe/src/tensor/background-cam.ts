import { add, concat, div, mul, type Rank, relu, reshape, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { floatTensor, maxFirst, type TensorInput } from '@wsss/core/tensor';
import { EPSILON } from '../epsilon';
import { checkBatch, checkExactly, shapeOf } from './check-batch';

export interface TensorBackgroundCamOptions {
  /** What the result is multiplied with, as the shape of the result: 0 in padding, and for absent classes. */
  readonly mask?: TensorInput;
}

/**
 * Activations in [0, 1) with the background in front: A_c = M_c⁺ / (max M_c⁺ + 1e-5) for each class of each image, and
 * A_0 = 1 − max_c A_c, over all the classes given.
 *
 * Differentiable in `maps`; both maxima pass their gradient to the first place that has them, as torch.
 *
 * @param maps Class maps before their ReLU, `[h, w, C]` or `[n, h, w, C]`.
 * @returns `[h, w, C + 1]` or `[n, h, w, C + 1]`. Maps without a positive value give 0, and 1 for the background.
 * @throws {ShapeError} if a shape is another.
 *
 * Source: Chen et al., SIPE (CVPR 2022), the released code's class `Net`.
 */
export function backgroundCam<R extends Rank = Rank.R3>(
  maps: TensorInput<R>,
  { mask }: TensorBackgroundCamOptions = {},
): Tensor<R> {
  const where = 'backgroundCam';
  const sizes = checkBatch(where, 'maps', maps.shape);
  const { n, h, w, C } = sizes;
  const shape = shapeOf(sizes, h, w, C + 1);
  if (mask) checkExactly(where, 'mask', mask.shape, shape, 'A mask has a channel for the background in front.');
  return tidy(() => {
    const positive = relu(reshape(floatTensor(where, 'maps', maps), [n, h, w, C]));
    const foreground = div(positive, add(maxFirst(positive, [1, 2], { keepDims: true }), EPSILON));
    const background = sub(1, maxFirst(foreground, 3, { keepDims: true }));
    const all = reshape(concat([background, foreground], 3), shape);
    return (mask ? mul(all, floatTensor(where, 'mask', mask)) : all) as Tensor<R>;
  });
}
