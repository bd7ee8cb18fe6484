import { add, div, matMul, type Rank, relu, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { floatTensor, l2Normalize, maxFirst, type TensorInput } from '@wsss/core/tensor';
import { COSINE_EPSILON, EPSILON } from '../epsilon';
import { checkBatch, shapeOf } from './check-batch';
import { checkPrototypes } from './prototypes';

export interface ImageSpecificCamOptions {
  /** Divides each channel of each image by its maximum + 1e-5, as in the consistency loss. @default false */
  readonly normalize?: boolean;
}

/**
 * Image-specific class activation maps: how alike each cell and each class's prototype are,
 * IS_ki = max(0, cos(F_i, p_k)).
 *
 * Differentiable in both. A prototype of zeros (a class without a seed) gives zeros, and takes no gradient.
 *
 * @param features `[h, w, F]` or `[n, h, w, F]`.
 * @param prototypes `[K, F]` or `[n, K, F]`.
 * @returns In [0, 1], `[h, w, K]` or `[n, h, w, K]`.
 * @throws {ShapeError} if shapes disagree.
 *
 * Source: Chen et al., SIPE (CVPR 2022), IS-CAM; torch 1.13's cosine, norms of at least 1e-8.
 */
export function imageSpecificCam<R extends Rank = Rank.R3>(
  features: TensorInput<R>,
  prototypes: TensorInput,
  { normalize = false }: ImageSpecificCamOptions = {},
): Tensor<R> {
  const where = 'imageSpecificCam';
  const sizes = checkBatch(where, 'features', features.shape);
  const { n, h, w, C: F, batched } = sizes;
  const K = checkPrototypes(where, prototypes.shape, n, F, batched);
  return tidy(() => {
    const unit = (x: Tensor) => l2Normalize(x, { epsilon: COSINE_EPSILON });
    const cells = unit(reshape(floatTensor(where, 'features', features as TensorInput), [n, h * w, F]));
    const classes = unit(reshape(floatTensor(where, 'prototypes', prototypes), [n, K, F]));
    const likeness = relu(matMul(cells, classes, false, true));
    const maps: Tensor = normalize ? byMaximum(likeness) : likeness;
    const result: Tensor = reshape(maps, shapeOf(sizes, h, w, K));
    return result as Tensor<R>;
  });
}

/** Divides by the maximum over the cells, `[n, cells, K]`. Call it inside `tidy`. */
export function byMaximum(maps: Tensor): Tensor {
  return div(maps, add(maxFirst(maps, 1, { keepDims: true }), EPSILON));
}
