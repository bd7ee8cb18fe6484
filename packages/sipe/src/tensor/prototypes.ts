import { cast, div, equal, expandDims, matMul, range, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ShapeError } from '@wsss/core';
import { floatTensor, type TensorInput } from '@wsss/core/tensor';
import { checkChannels } from '../prototypes';
import { checkBatch, checkExactly, shapeOf } from './check-batch';

/**
 * An image's own prototype of each class: p_k = (1 / N) Σ_{i: seed_i = k} F_i, over its N cells. Divided by all cells,
 * as in the released code, not by those of the class: only its direction is used.
 *
 * Differentiable in `features`.
 *
 * @param features `[h, w, F]` or `[n, h, w, F]`.
 * @param seeds Channel numbers, 255 for none, as `structureSeeds` returns them: `[h, w]` or `[n, h, w]`.
 * @param options.classes The number K of channels, background included.
 * @returns `[K, F]` or `[n, K, F]`; without a seed, zeros.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if `classes` is out of 1..255.
 *
 * Source: Chen et al., SIPE (CVPR 2022), image-specific prototypes.
 */
export function prototypes(features: TensorInput, seeds: TensorInput, { classes }: { classes: number }): Tensor {
  const where = 'prototypes';
  const sizes = checkBatch(where, 'features', features.shape);
  const { n, h, w, C: F } = sizes;
  checkExactly(where, 'seeds', seeds.shape, shapeOf(sizes, h, w), 'A channel number for each cell.');
  checkChannels(where, classes);
  return tidy(() => {
    const rows = reshape(floatTensor(where, 'features', features), [n, h * w, F]);
    const each = reshape(floatTensor(where, 'seeds', seeds), [n, 1, h * w]);
    const chosen = cast(equal(each, expandDims(range(0, classes), 1)), 'float32');
    return reshape(div(matMul(chosen, rows), h * w), shapeOf(sizes, classes, F));
  });
}

/** Checks prototypes `[K, F]`, or `[n, K, F]` for a batch; returns K. */
export function checkPrototypes(
  where: string,
  shape: readonly number[] | undefined,
  n: number,
  F: number,
  batched: boolean,
): number {
  const K = shape?.at(-2) ?? 0;
  const expected = batched ? [n, K, F] : [K, F];
  if (K > 0 && shape?.length === expected.length && expected.every((size, i) => size === shape[i])) return K;
  throw new ShapeError(where, 'prototypes', batched ? [n, 'K', F] : ['K', F], shape, 'As long as the features.');
}
