import {
  div,
  matMul,
  maximum,
  type Rank,
  relu,
  reshape,
  sqrt,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { matchShape, ShapeError } from '@wsss/core';
import { floatTensor, type TensorInput } from '@wsss/core/tensor';
import { type CamActivation, checkActivation } from './cam-activation';

export interface ClassActivationMapOptions {
  /** What is applied to the maps. @default 'none' */
  readonly activation?: CamActivation;
}

/**
 * Class activation maps: what each cell of the features contributes to each class's score,
 * M_c(y, x) = Σ_f w_cf · F_f(y, x).
 *
 * @param features Features under a global average pool, `[h, w, F]` or `[n, h, w, F]`.
 * @param weights Of the linear layer after the pool, `[C, F]`.
 * @returns `[h, w, C]` or `[n, h, w, C]`. Any sign, unless an activation is asked for.
 * @throws {ShapeError} if the ranks are others, or F differs.
 * @throws {ValueError} if the activation is unknown.
 *
 * Source: Zhou et al., "Learning deep features for discriminative localization" (CVPR 2016), eq. 2; the square root is
 * PSA's, for VGG16.
 */
export function classActivationMap<R extends Rank = Rank.R3>(
  features: TensorInput<R>,
  weights: TensorInput,
  { activation = 'none' }: ClassActivationMapOptions = {},
): Tensor<R> {
  const where = 'classActivationMap';
  checkActivation(where, 'activation', activation);
  const { C, F } = matchShape(where, 'weights', weights.shape, ['C', 'F']);
  const cells = features.shape.slice(0, -1);
  if (cells.length !== 2 && cells.length !== 3) {
    throw new ShapeError(where, 'features', 'of shape [h, w, F] or [n, h, w, F]', features.shape);
  }
  matchShape(
    where,
    'features',
    features.shape,
    [...cells, F],
    {},
    'The last axis must be as long as that of the weights.',
  );
  return tidy(() => {
    const rows = reshape(floatTensor(where, 'features', features), [-1, F]);
    const maps = reshape(matMul(rows, floatTensor(where, 'weights', weights) as Tensor2D, false, true), [...cells, C]);
    return activated(maps, activation) as Tensor<R>;
  });
}

function activated(maps: Tensor, activation: CamActivation): Tensor {
  if (activation === 'none') return maps;
  if (activation === 'relu') return relu(maps);
  // x / √x instead of √x: at 0 the root has no slope, and 0 · ∞ in the gradient would be NaN.
  const positive = relu(maps);
  return div(positive, sqrt(maximum(positive, 1e-30)));
}
