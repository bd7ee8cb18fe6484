import { finiteValues, type HostTensor, hostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { poolCells } from './kernels/pool-cells';

export interface CellScoresOptions {
  /** Pixels per cell and side. @default 8 */
  readonly cell?: number;
  /**
   * What the last row and column of cells hold beyond the photo: zeros, the background's too, as in the official code, or
   * nothing (`'ignore'`: means over the photo's own pixels).
   * @default 'zero'
   */
  readonly padding?: 'zero' | 'ignore';
}

/**
 * Scores of cells from those of pixels, by their mean: what goes into {@link randomWalk}.
 *
 * @param scores `[h, w, K]`.
 * @returns `[⌈h / cell⌉, ⌈w / cell⌉, K]`.
 * @throws {ShapeError} if they are no maps.
 * @throws {ValueError} if one is NaN or infinite, or an option out of range.
 */
export async function cellScores(
  scores: TensorLike,
  { cell = 8, padding = 'zero' }: CellScoresOptions = {},
): Promise<HostTensor> {
  const where = 'cellScores';
  const { h, w, K } = matchShape(where, 'scores', scores?.shape, ['h', 'w', 'K']);
  if (!(Number.isSafeInteger(cell) && cell >= 1)) {
    throw new ValueError(where, 'cell', 'to be a whole number ≥ 1', cell);
  }
  if (padding !== 'zero' && padding !== 'ignore') {
    throw new ValueError(where, 'padding', "to be 'zero' or 'ignore'", padding);
  }
  const values = await finiteValues(where, 'scores', scores);
  return hostTensor(poolCells(values, [h, w, K], cell, padding), [Math.ceil(h / cell), Math.ceil(w / cell), K]);
}
