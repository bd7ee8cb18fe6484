import { type HostTensor, hostTensor, type TensorLike } from '@wsss/core';
import { checkStencil } from './check-stencil';
import { edgeValues } from './edge-values';
import { pairIndices } from './kernels/pair-indices';
import { pathAffinity as kernel, padEdge } from './kernels/path-affinity';
import { paths } from './kernels/path-offsets';
import { pairCounts } from './kernels/stencil';

/**
 * Affinities from class boundaries: 1 − the highest boundary on the straight way between two cells, both included, on
 * IRN's grid: the map with `radius` columns of boundary on either side and `radius` rows below.
 *
 * @param edge Probability of a boundary, `[h, w]` (or `[h, w, 1]`), in [0, 1].
 * @param options.radius Pairs are closer than this, in cells. @default 5
 * @returns `[P, M]`, M = (h + 1)(w + 2), offsets in IRN's order ({@link pathPairs}). {@link irnWalk} needs no such array.
 * @throws {ShapeError} if it is no map.
 * @throws {ValueError} if a value is out of [0, 1], or the radius no whole number ≥ 1.
 *
 * Source: Ahn, Cho & Kwak, CVPR 2019 (a_ij = 1 − max B(x_k) over the way from i to j).
 */
export async function pathAffinity(
  edge: TensorLike,
  { radius = 5 }: { readonly radius?: number } = {},
): Promise<HostTensor> {
  const values = await edgeValues('pathAffinity', edge);
  const [h, w] = edge.shape as [number, number];
  checkStencil('pathAffinity', 'edge', [h, w], radius, 'full');
  const ways = paths(radius);
  const size = [h + radius, w + 2 * radius] as const;
  const pairs = checkStencil('pathAffinity', 'edge', size, radius, 'official', ways.offsets);
  return hostTensor(kernel(padEdge(values, h, w, radius), pairs, ways), pairCounts(pairs));
}

/** As {@link affinityPairs} in IRN's order, with the cells on the way. */
export interface PathPairs {
  /** `[M]`. */
  readonly from: HostTensor<Int32Array>;
  /** `[P, M]`. */
  readonly to: HostTensor<Int32Array>;
  /** (dy, dx), `[P, 2]`. */
  readonly offsets: HostTensor<Int32Array>;
  /** (dy, dx) of all cells on the ways, each from the partner back to (0, 0), `[T, 2]`. */
  readonly points: HostTensor<Int32Array>;
  /** Where each way begins in `points`, `[P + 1]`. */
  readonly starts: HostTensor<Int32Array>;
}

/**
 * IRN's pairs of cells: those of {@link affinityPairs}, ordered by the length of the way between them.
 *
 * @throws {ShapeError} if the map is smaller than `[r, 2r − 1]`.
 * @throws {ValueError} if the radius is not a whole number ≥ 1.
 */
export async function pathPairs(h: number, w: number, radius: number): Promise<PathPairs> {
  checkStencil('pathPairs', 'map', [h, w], radius, 'official');
  const { offsets, points, starts } = paths(radius);
  const pairs = checkStencil('pathPairs', 'map', [h, w], radius, 'official', offsets);
  const [P, M] = pairCounts(pairs);
  const { from, to } = pairIndices(pairs);
  return {
    from: hostTensor(from, [M]),
    to: hostTensor(to, [P, M]),
    offsets: hostTensor(offsets, [P, 2]),
    points: hostTensor(points, [points.length / 2, 2]),
    starts: hostTensor(starts, [P + 1]),
  };
}
