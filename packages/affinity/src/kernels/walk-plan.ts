import { insideSources, pairCounts, type Stencil } from './stencil';

/** A random walk on the cells of a map, made ready: a symmetric matrix that is stored by offset, not by index. */
export interface WalkPlan {
  /** Cells N. */
  readonly cells: number;
  /** Distance in cells to each of the Q = 2 P neighbours: first the P offsets, then their opposites. */
  readonly distances: Int32Array;
  /** The farthest neighbour: so many cells before the first and behind the last one are read, with weight 0. */
  readonly margin: number;
  /** [⌈N / 2⌉, Q, 2]: weights of two cells at a time; 0 where there is no pair. */
  readonly weights: Float32Array;
  /** 1 / (1 + sum of the weights) of each cell, [2 · ⌈N / 2⌉]. */
  readonly inverse: Float64Array;
}

/**
 * @param affinity `[P, M]`, at least 0.
 * @param beta Power of the affinities.
 * @returns The plan of v ← (v + Σ affinity^β · neighbour) / (1 + Σ affinity^β).
 */
export function walkPlan(affinity: ArrayLike<number>, pairs: Stencil, beta: number): WalkPlan {
  const { height, width, offsets, top, left, columns } = pairs;
  const [P, M] = pairCounts(pairs);
  const Q = 2 * P;
  const cells = height * width;
  const blocks = Math.ceil(cells / 2);
  const distances = new Int32Array(Q);
  const weights = new Float32Array(blocks * Q * 2);
  const inverse = new Float64Array(blocks * 2).fill(1);
  let margin = 0;
  for (let p = 0; p < P; p++) {
    const [dy, dx] = [offsets[2 * p]!, offsets[2 * p + 1]!];
    const distance = dy * width + dx;
    distances[p] = distance;
    distances[P + p] = -distance;
    margin = Math.max(margin, Math.abs(distance));
    const { y0, y1, x0, x1 } = insideSources(pairs, dy, dx);
    for (let y = y0; y < y1; y++) {
      let from = p * M + (y - top) * columns + x0 - left;
      for (let x = x0, cell = y * width + x0; x < x1; x++, cell++) {
        const weight = Math.fround(power(affinity[from++]!, beta));
        weights[place(cell, Q, p)] = weight;
        weights[place(cell + distance, Q, P + p)] = weight;
        inverse[cell]! += weight;
        inverse[cell + distance]! += weight;
      }
    }
  }
  for (let i = 0; i < inverse.length; i++) inverse[i] = 1 / inverse[i]!;
  return { cells, distances, margin, weights, inverse };
}

const place = (cell: number, Q: number, q: number) => ((cell >> 1) * Q + q) * 2 + (cell & 1);

/** base^exponent; small whole exponents, which are the usual ones, by multiplication. */
function power(base: number, exponent: number): number {
  if (!(Number.isInteger(exponent) && exponent >= 0 && exponent <= 64)) return base ** exponent;
  let result = 1;
  for (let rest = exponent, square = base; rest > 0; rest >>= 1, square *= square) if (rest & 1) result *= square;
  return result;
}
