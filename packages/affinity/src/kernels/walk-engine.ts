import type { WalkPlan } from './walk-plan';
import { walkStep } from './walk-step';

/** Three sets of planes, named by number: two that a walk goes to and fro between, and one for a sum. */
export type PlaneSet = 0 | 1 | 2;

/** A few maps walking together. */
export interface WalkGroup {
  /** The cells of a map in a set, [N], to be read or written until the next step. */
  cells(set: PlaneSet, map: number): Float64Array;
  /** set 1 − from ← scale · T (set from) − before · (set 1 − from), set 2 ← set 2 + share · (set 1 − from). */
  step(from: 0 | 1, scale: number, before: number, share: number): void;
}

/** What computes; all engines give the same bits. */
export interface WalkEngine {
  readonly name: 'wasm' | 'plain';
  /** Maps that are best walked together. */
  readonly maps: number;
  /** Runs with all planes zero. What the group lends is not valid afterwards. */
  run(plan: WalkPlan, runs: readonly { maps: number; walk: (group: WalkGroup) => void }[]): void;
}

/** Loops over typed arrays. */
export const plainEngine: WalkEngine = {
  name: 'plain',
  maps: 1,
  run(plan, runs) {
    const { margin, cells, inverse } = plan;
    const length = 2 * margin + inverse.length;
    for (const { maps, walk } of runs) {
      const sets = Array.from({ length: 3 }, () => Array.from({ length: maps }, () => new Float64Array(length)));
      walk({
        cells: (set, map) => sets[set]![map]!.subarray(margin, margin + cells),
        step(from, scale, before, share) {
          for (let map = 0; map < maps; map++) {
            walkStep(plan, sets[from]![map]!, sets[1 - from]![map]!, sets[2]![map]!, scale, before, share);
          }
        },
      });
    }
  },
};
