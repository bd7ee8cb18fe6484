import { concat, type Rank, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '@wsss/core';
import { floatTensor, l2Normalize, resizeBilinear, type TensorInput } from '@wsss/core/tensor';
import { EPSILON } from '../epsilon';
import { checkBatch } from './check-batch';

/** What `hierarchicalFeatures` takes besides features. */
export interface HierarchicalFeaturesOptions {
  /** `[h, w]` of the result. @default that of the last features, the coarsest in SIPE */
  readonly size?: readonly [number, number];
}

/**
 * Features of several depths side by side: each cell's vector of each map divided by its norm + 1e-5, then the maps
 * resized (bilinear, half-pixel centres) and concatenated.
 *
 * Where a map is resized, its vectors become means of unit vectors, shorter than 1, and stay so: as in the released code.
 *
 * @param sides `[h', w', F']` each, or all batched, in the order in which they are to stand.
 * @returns `[h, w, ΣF']` or `[n, h, w, ΣF']`. Differentiable.
 * @throws {ShapeError} if ranks or batch sizes differ.
 * @throws {ValueError} if there is no map.
 *
 * Source: Chen et al., SIPE (CVPR 2022), hierarchical features.
 */
export function hierarchicalFeatures<R extends Rank = Rank.R3>(
  sides: readonly TensorInput<R>[],
  { size }: HierarchicalFeaturesOptions = {},
): Tensor<R> {
  const where = 'hierarchicalFeatures';
  if (sides.length === 0) throw new ValueError(where, 'sides', 'to hold at least one map of features', sides);
  const sizes = sides.map(({ shape }, i) => checkBatch(where, `sides[${i}]`, shape));
  const { h, w, n, batched } = sizes.at(-1)!;
  const odd = sizes.findIndex((other) => other.n !== n || other.batched !== batched);
  if (odd >= 0) throw new ShapeError(where, `sides[${odd}]`, 'of as many images as the last', sides[odd]!.shape);
  const target = size ?? [h, w];
  return tidy(() => {
    const parts = sides.map((side, i) => {
      const unit = l2Normalize(floatTensor(where, `sides[${i}]`, side), { epsilon: EPSILON, denominator: 'sum' });
      return resizeBilinear(unit, target);
    });
    return concat(parts, batched ? 3 : 2) as Tensor<R>;
  });
}
