import { matMul, relu, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { floatTensor, type TensorInput } from '@wsss/core/tensor';
import { cellDirections } from './cell-directions';
import { checkBatch, shapeOf } from './check-batch';

/**
 * How alike cells are: S_ij = max(0, f_i · f_j) with f = F / (‖F‖ + 1e-5), the cosine of their features.
 *
 * It has a value for each pair of cells, 64 MiB for 64 × 64 cells; `structureSeeds` never holds all of it.
 *
 * @param features `[h, w, F]` or `[n, h, w, F]`.
 * @returns In [0, 1], `[h·w, h·w]` or `[n, h·w, h·w]`; cells in row-major order. Differentiable.
 * @throws {ShapeError} if `features` has another rank, or no cells.
 *
 * Source: Chen et al., SIPE (CVPR 2022), structure-aware seed locating.
 */
export function structureMap(features: TensorInput): Tensor {
  const where = 'structureMap';
  const sizes = checkBatch(where, 'features', features.shape);
  const cells = sizes.h * sizes.w;
  return tidy(() => {
    const directions = cellDirections(floatTensor(where, 'features', features), sizes);
    return reshape(relu(matMul(directions, directions, false, true)), shapeOf(sizes, cells, cells));
  });
}
