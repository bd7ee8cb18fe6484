import type { HostTensor, TensorLike } from '@wsss/core';
import { affinityValues } from './check-affinity';
import { checkStencil } from './check-stencil';
import type { Border } from './kernels/stencil';
import { checkWalk, readMaps, type WalkOptions, walkMaps } from './walk-maps';

export interface RandomWalkOptions extends WalkOptions {
  /** β. @default 8 */
  readonly beta?: number;
  /** t. @default 256 */
  readonly steps?: number;
  /** The pairs that the affinities are for, see {@link affinityPairs}. @default 'official' */
  readonly border?: Border;
}

/** Settings of the released PSA inference: radius 5, β = 8, t = 2⁸. */
export const PSA_WALK = { radius: 5, beta: 8, steps: 256, border: 'official' } as const satisfies RandomWalkOptions;

/**
 * Spreads scores along affinities: T^t applied to each map, T = D⁻¹ A, A = affinity^β between the cells of a pair (both
 * ways) and 1 on the diagonal, D the row sums of A. Each step makes a cell the weighted mean of itself and its
 * neighbours, so values stay within the range of their map. A is never written out: its entries are stored by offset.
 * Weights are float32, sums float64; the result is T^t to within 1e-12 (see `powerSeries` of `./kernels`).
 *
 * @param maps Scores `[h, w, K]` in cells, used as they are; usually with the background first.
 * @param affinity `[P, M]`, at least 0, before β: what an AffinityNet predicts.
 * @returns `[h, w, K]`, float32. A channel that is 0 throughout stays so and costs nothing.
 * @throws {ShapeError} if the affinities are for another radius, grid or border, or the map is too small for the radius.
 * @throws {ValueError} if a map or an affinity is NaN or infinite, an affinity negative, or an option out of range.
 *
 * @example
 * const refined = await randomWalk(scores, await network.predict(photo), PSA_WALK);
 *
 * Source: Ahn & Kwak, CVPR 2018, "Revising CAMs using AffinityNet" (T = D⁻¹ A^∘β, vec(M*) = T^t vec(M)).
 */
export async function randomWalk(
  maps: TensorLike,
  affinity: TensorLike,
  { radius = 5, beta = 8, steps = 256, border = 'official', ...options }: RandomWalkOptions = {},
): Promise<HostTensor> {
  const where = 'randomWalk';
  checkWalk(where, { beta, steps, ...options });
  const read = await readMaps(where, maps);
  const pairs = checkStencil(where, 'maps', [read.h, read.w], radius, border);
  const values = await affinityValues(where, affinity, pairs);
  return walkMaps(where, read, values, pairs, { ...options, beta, steps });
}
