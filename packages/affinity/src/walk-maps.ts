import { finiteValues, type HostTensor, hostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { chooseEngine, type EngineName } from './choose-engine';
import { runWalk, type WalkReport } from './kernels/run-walk';
import type { Stencil } from './kernels/stencil';
import { walkPlan } from './kernels/walk-plan';

/** Settings of every walk. */
export interface WalkOptions {
  /** Pairs are closer than this, in cells: what the affinities were predicted with. @default 5 */
  readonly radius?: number;
  /** Power of the affinities, β. */
  readonly beta?: number;
  /** Number of steps t. */
  readonly steps?: number;
  /**
   * Stop as soon as a step changes no value by more than this. Without it the walk is not followed step by step, which
   * is faster.
   */
  readonly tolerance?: number;
  /** Is told how far the walk went, and what one step more would change. */
  readonly onReport?: (report: WalkReport) => void;
  /** @default 'wasm' where WebAssembly with SIMD runs, else 'plain'; both give the same bits */
  readonly engine?: EngineName;
}

/** @throws {ValueError} if an option is out of range. */
export function checkWalk(
  where: string,
  { beta, steps, tolerance, onReport }: { beta: number; steps: number; tolerance?: number; onReport?: unknown },
): void {
  if (!(Number.isFinite(beta) && beta >= 0)) throw new ValueError(where, 'beta', 'to be at least 0', beta);
  if (!(Number.isSafeInteger(steps) && steps >= 0)) {
    const hint = 'It is the count itself: the official `logt` of 8 means 2 ** 8 steps.';
    throw new ValueError(where, 'steps', 'to be a whole number ≥ 0', steps, hint);
  }
  if (tolerance !== undefined && !(tolerance >= 0)) {
    throw new ValueError(where, 'tolerance', 'to be at least 0', tolerance);
  }
  if (onReport !== undefined && typeof onReport !== 'function') {
    throw new ValueError(where, 'onReport', 'to be a function', onReport);
  }
}

/** Maps `[h, w, K]`, finite; as planes of doubles. */
export async function readMaps(where: string, maps: TensorLike) {
  const { h, w, K } = matchShape(where, 'maps', maps?.shape, ['h', 'w', 'K']);
  const values = await finiteValues(where, 'maps', maps);
  return { h, w, K, values };
}

/**
 * Walks the channels of `values` `[h, w, K]` that are not zero throughout; the others cannot become anything else.
 *
 * @param affinity `[P, M]` of these pairs.
 */
export function walkMaps(
  where: string,
  { h, w, K, values }: { h: number; w: number; K: number; values: ArrayLike<number> },
  affinity: ArrayLike<number>,
  pairs: Stencil,
  options: WalkOptions & { beta: number; steps: number },
): HostTensor {
  const engine = chooseEngine(where, options.engine);
  const planes = new Map<number, Float64Array>();
  for (let c = 0; c < K; c++) {
    let any = false;
    const plane = new Float64Array(h * w);
    for (let i = 0; i < plane.length; i++) {
      plane[i] = values[i * K + c]!;
      any ||= plane[i] !== 0;
    }
    if (any) planes.set(c, plane);
  }
  const { steps, beta, tolerance, onReport } = options;
  const how = { steps, tolerance, measure: onReport !== undefined };
  const report = runWalk(walkPlan(affinity, pairs, beta), [...planes.values()], how, engine);
  const walked = new Float32Array(h * w * K);
  for (const [c, plane] of planes) for (let i = 0; i < plane.length; i++) walked[i * K + c] = plane[i]!;
  onReport?.(report);
  return hostTensor(walked, [h, w, K]);
}
