import { powerSeries } from './power-series';
import type { WalkEngine, WalkGroup } from './walk-engine';
import type { WalkPlan } from './walk-plan';

export interface RunWalkOptions {
  readonly steps: number;
  /** Stop as soon as a step changes no value by more than this. */
  readonly tolerance?: number | undefined;
  /** Whether `change` is wanted. */
  readonly measure?: boolean;
}

/** What a walk did. */
export interface WalkReport {
  /** Steps that the maps have gone: fewer than asked for where they had settled. */
  readonly steps: number;
  /** How often the matrix was applied to do so. */
  readonly applications: number;
  /** The most that one step more would change, or the last one did; NaN where nobody asked. */
  readonly change: number;
}

/**
 * Walks maps in place: after s steps each cell is the weighted mean of all that s steps reach.
 *
 * Without a tolerance T^s is applied as a series of Chebyshev polynomials of T, which is equal to within 1e-12 of the
 * maps' largest value, takes far fewer applications, and needs nothing but that the eigenvalues lie in [−1, 1]: T is
 * similar to a symmetric matrix, and its rows sum to one.
 *
 * @param maps Planes `[N]`.
 */
export function runWalk(
  plan: WalkPlan,
  maps: readonly Float64Array[],
  { steps, tolerance, measure = false }: RunWalkOptions,
  engine: WalkEngine,
): WalkReport {
  const series = tolerance === undefined && steps > 0 ? powerSeries(steps) : undefined;
  let report: WalkReport = { steps: 0, applications: 0, change: 0 };
  const runs = [];
  for (let first = 0; first < maps.length; first += engine.maps) {
    const some = maps.slice(first, first + engine.maps);
    const walk = (group: WalkGroup) => {
      for (const [m, map] of some.entries()) group.cells(0, m).set(map);
      const done =
        series && series.length - 1 < steps
          ? expand(group, some.length, series, steps)
          : repeat(group, some.length, steps, tolerance);
      const change = measure && Number.isNaN(done.change) ? settle(group, done.set, some.length) : done.change;
      for (const [m, map] of some.entries()) map.set(group.cells(done.set, m));
      report = {
        steps: Math.max(report.steps, done.steps),
        applications: Math.max(report.applications, done.applications),
        change: measure || tolerance !== undefined ? Math.max(report.change, change) : Number.NaN,
      };
    };
    runs.push({ maps: some.length, walk });
  }
  engine.run(plan, runs);
  return report;
}

interface Done extends WalkReport {
  /** Where the result is. */
  readonly set: 0 | 1 | 2;
}

function expand(group: WalkGroup, maps: number, series: Float64Array, steps: number): Done {
  for (let m = 0; m < maps; m++) {
    const [start, sum] = [group.cells(0, m), group.cells(2, m)];
    for (let i = 0; i < start.length; i++) sum[i] = series[0]! * start[i]!;
  }
  for (let k = 1; k < series.length; k++) {
    const first = k === 1;
    group.step(k % 2 === 1 ? 0 : 1, first ? 1 : 2, first ? 0 : 1, series[k]!);
  }
  return { set: 2, steps, applications: series.length - 1, change: Number.NaN };
}

function repeat(group: WalkGroup, maps: number, steps: number, tolerance: number | undefined): Done {
  let from: 0 | 1 = 0;
  let change = Number.NaN;
  for (let step = 1; step <= steps; step++) {
    group.step(from, 1, 0, 0);
    if (tolerance !== undefined) change = largestChange(group, maps);
    from = from === 0 ? 1 : 0;
    if (change <= tolerance!) return { set: from, steps: step, applications: step, change };
  }
  return { set: from, steps, applications: steps, change };
}

/** What one step more would change; the result stays in its set. */
function settle(group: WalkGroup, set: 0 | 1 | 2, maps: number): number {
  if (set === 2) for (let m = 0; m < maps; m++) group.cells(0, m).set(group.cells(2, m));
  const kept = Array.from({ length: maps }, (_, m) => group.cells(set, m).slice());
  group.step(set === 1 ? 1 : 0, 1, 0, 0);
  const change = largestChange(group, maps);
  for (const [m, values] of kept.entries()) group.cells(set, m).set(values);
  return change;
}

function largestChange(group: WalkGroup, maps: number): number {
  let largest = 0;
  for (let m = 0; m < maps; m++) {
    const [one, two] = [group.cells(0, m), group.cells(1, m)];
    for (let i = 0; i < one.length; i++) largest = Math.max(largest, Math.abs(one[i]! - two[i]!));
  }
  return largest;
}
