import { type HostTensor, hostTensor } from '@wsss/core';
import { checkStencil } from './check-stencil';
import { pairIndices } from './kernels/pair-indices';
import { type Border, pairCounts } from './kernels/stencil';

/** Pairs of neighbouring cells, each unordered pair once. */
export interface AffinityPairs {
  /** The source of each column as y · w + x, `[M]`. */
  readonly from: HostTensor<Int32Array>;
  /** Its partner at each offset, `[P, M]`; −1 where there is none, which only `border: 'full'` has. */
  readonly to: HostTensor<Int32Array>;
  /** (dy, dx), `[P, 2]`. */
  readonly offsets: HostTensor<Int32Array>;
}

/**
 * The pairs of cells that affinities are predicted for, in the official order: offsets with dx² + dy² < radius², to the
 * right and then row by row below; sources in row-major order.
 *
 * @param h Height of the map in cells; `w` its width.
 * @param radius A whole number ≥ 1; 5 gives P = 34 offsets.
 * @param options.border `'official'` has the sources whose every partner is inside, M = (h − r + 1)(w − 2r + 2);
 *   `'full'` has every cell, M = h · w. @default 'official'
 * @throws {ShapeError} if the map is smaller than `[r, 2r − 1]` with the official border.
 * @throws {ValueError} if the radius is not a whole number ≥ 1.
 *
 * Source: Ahn & Kwak, CVPR 2018 (pairs of coordinates within a radius); order of the released code.
 */
export async function affinityPairs(
  h: number,
  w: number,
  radius: number,
  { border = 'official' }: { readonly border?: Border } = {},
): Promise<AffinityPairs> {
  const pairs = checkStencil('affinityPairs', 'map', [h, w], radius, border);
  const [P, M] = pairCounts(pairs);
  const { from, to } = pairIndices(pairs);
  return { from: hostTensor(from, [M]), to: hostTensor(to, [P, M]), offsets: hostTensor(pairs.offsets, [P, 2]) };
}
