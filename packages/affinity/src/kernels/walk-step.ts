import type { WalkPlan } from './walk-plan';

/**
 * One application of the walk's matrix T to a plane, in the form that all uses need:
 * next ← scale · T current − before · next, sum ← sum + share · next.
 *
 * @param current `[margin + 2 · ⌈N / 2⌉ + margin]`, zeros in the margins.
 * @param next The same; what it held counts as the value before.
 */
export function walkStep(
  { cells, distances, margin, weights, inverse }: WalkPlan,
  current: Float64Array,
  next: Float64Array,
  sum: Float64Array,
  scale: number,
  before: number,
  share: number,
): void {
  const Q = distances.length;
  for (let cell = 0, from = 0; cell < cells; cell += 2) {
    const at = margin + cell;
    let one = current[at]!;
    let two = current[at + 1]!;
    for (let q = 0; q < Q; q++, from += 2) {
      const neighbour = at + distances[q]!;
      one += weights[from]! * current[neighbour]!;
      two += weights[from + 1]! * current[neighbour + 1]!;
    }
    one = scale * (one * inverse[cell]!) - before * next[at]!;
    two = scale * (two * inverse[cell + 1]!) - before * next[at + 1]!;
    next[at] = one;
    next[at + 1] = two;
    sum[at]! += share * one;
    sum[at + 1]! += share * two;
  }
}
