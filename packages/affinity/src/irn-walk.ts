import type { HostTensor, TensorLike } from '@wsss/core';
import { checkStencil } from './check-stencil';
import { edgeValues } from './edge-values';
import { pathAffinity } from './kernels/path-affinity';
import { paths } from './kernels/path-offsets';
import { checkWalk, readMaps, type WalkOptions, walkMaps } from './walk-maps';

export interface IrnWalkOptions extends WalkOptions {
  /** β. @default 10 */
  readonly beta?: number;
  /** t. @default 256 */
  readonly steps?: number;
}

/** Settings of IRN's and SIPE's scripts: radius 5, β = 10, t = 2⁸. */
export const IRN_WALK = { radius: 5, beta: 10, steps: 256 } as const satisfies IrnWalkOptions;

/**
 * Spreads class maps as far as class boundaries let them: a random walk whose affinity between two cells is 1 − the
 * highest boundary on the straight way between them. The maps are multiplied by 1 − boundary first. Every cell has its
 * full neighbourhood, within the map.
 *
 * @param maps Class maps `[h, w, K]`, without a background (IRN) or with one (SIPE), used as they are.
 * @param edge Probability of a class boundary, `[h, w]` (or `[h, w, 1]`), in [0, 1].
 * @returns `[h, w, K]`, float32.
 * @throws {ShapeError} if maps and edge differ in size.
 * @throws {ValueError} if a value is NaN or out of range, or an option is.
 *
 * Source: Ahn, Cho & Kwak, CVPR 2019 (semantic propagation by random walk on class boundaries).
 */
export async function irnWalk(
  maps: TensorLike,
  edge: TensorLike,
  { radius = 5, beta = 10, steps = 256, ...options }: IrnWalkOptions = {},
): Promise<HostTensor> {
  const where = 'irnWalk';
  checkWalk(where, { beta, steps, ...options });
  const { h, w, K, values } = await readMaps(where, maps);
  const edges = await edgeValues(where, edge, [h, w]);
  checkStencil(where, 'maps', [h, w], radius, 'full');
  const ways = paths(radius);
  const pairs = checkStencil(where, 'maps', [h, w], radius, 'full', ways.offsets);
  const inside = Float64Array.from(values, (value, i) => value * (1 - edges[Math.floor(i / K)]!));
  const affinity = pathAffinity(edges, pairs, ways);
  return walkMaps(where, { h, w, K, values: inside }, affinity, pairs, { ...options, beta, steps });
}
