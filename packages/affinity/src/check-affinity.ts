import { finiteValues, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { pairCounts, type Stencil } from './kernels/stencil';

/**
 * Affinities for these pairs, at least 0.
 *
 * @throws {ShapeError} naming the likely cause, if they are for other pairs.
 * @throws {ValueError} if one is negative, NaN or infinite.
 */
export async function affinityValues(where: string, affinity: TensorLike, pairs: Stencil): Promise<Float32Array> {
  checkAffinityShape(where, affinity?.shape, pairs);
  const values = await finiteValues(where, 'affinity', affinity);
  const negative = values.findIndex((value) => value < 0);
  if (negative >= 0) {
    const place = `[${Math.floor(negative / affinity.shape[1]!)}, ${negative % affinity.shape[1]!}]`;
    throw new ValueError(where, 'affinity', `to be at least 0 at ${place}`, values[negative]);
  }
  return values;
}

/** @throws {ShapeError} unless it is `[P, M]`. */
export function checkAffinityShape(where: string, shape: readonly number[] | undefined, pairs: Stencil): void {
  const [P, M] = pairCounts(pairs);
  if (shape?.length === 2 && shape[0] === P && shape[1] === M) return;
  const { height, width, radius } = pairs;
  const hint =
    shape?.length === 3
      ? 'Give the affinities of one image.'
      : shape?.length === 2 && shape[0] !== P
        ? `Rows are neighbour offsets, ${P} for radius ${radius}; was it predicted with another radius?`
        : shape?.length === 2
          ? `Columns are source cells, ${M} on a grid of ${height} × ${width}; was it predicted on another grid, or with another border?`
          : undefined;
  throw new ShapeError(where, 'affinity', [P, M], shape, hint);
}
