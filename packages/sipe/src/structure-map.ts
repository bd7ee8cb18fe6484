import { type HostTensor, hostTensor, type TensorLike, ValueError } from '@wsss/core';
import { hostMap } from './check-map';
import { EPSILON } from './epsilon';
import { normalizeCells } from './kernels/normalize-cells';
import { type StructureBlock, structureBlock } from './kernels/structure-block';

export interface StructureMapOptions {
  /** `[y, x]`: only how alike this cell and every other are, as a map. @default all pairs */
  readonly cell?: readonly [number, number];
}

/**
 * How alike cells are: S_ij = max(0, f_i · f_j) with f = F / (‖F‖ + 1e-5), the cosine of their features.
 *
 * @param features `[h, w, F]`.
 * @returns In [0, 1]: `[h·w, h·w]`, cells in row-major order, 64 MiB for 64 × 64 cells; with `cell`, `[h, w]`.
 * @throws {ShapeError} if `features` has another rank, or no cells.
 * @throws {ValueError} if a feature is NaN or infinite, or there is no such cell.
 *
 * Source: Chen et al., SIPE (CVPR 2022), structure-aware seed locating.
 */
export async function structureMap(features: TensorLike, { cell }: StructureMapOptions = {}): Promise<HostTensor> {
  const where = 'structureMap';
  const { values, h, w, C: F } = await hostMap(where, 'features', features, 'F');
  const directions = values.slice();
  normalizeCells(directions, F, EPSILON);
  if (!cell) return hostTensor(structureBlock(directions, F, { first: 0, last: h * w }), [h * w, h * w]);
  const [y, x] = cell;
  if (!(Number.isInteger(y) && Number.isInteger(x) && y >= 0 && y < h && x >= 0 && x < w)) {
    throw new ValueError(where, 'cell', `to be [y, x] within ${h} × ${w} cells`, cell);
  }
  const block: StructureBlock = { first: y * w + x, last: y * w + x + 1 };
  return hostTensor(structureBlock(directions, F, block), [h, w]);
}
