import type { Paths } from './path-offsets';
import { insideSources, pairCounts, type Stencil } from './stencil';

/**
 * 1 − the highest edge on the way between two cells, `[P, M]`; 0 where the partner lies outside.
 *
 * @param edge `[height, width]` of the stencil.
 * @param pairs With the offsets of the paths.
 */
export function pathAffinity(edge: ArrayLike<number>, pairs: Stencil, { points, starts }: Paths): Float32Array {
  const { width, offsets, top, left, columns } = pairs;
  const [P, M] = pairCounts(pairs);
  const affinity = new Float32Array(P * M);
  for (let p = 0; p < P; p++) {
    const [first, end] = [starts[p]!, starts[p + 1]!];
    const distances = Int32Array.from({ length: end - first }, (_, i) => {
      return points[2 * (first + i)]! * width + points[2 * (first + i) + 1]!;
    });
    const { y0, y1, x0, x1 } = insideSources(pairs, offsets[2 * p]!, offsets[2 * p + 1]!);
    for (let y = y0; y < y1; y++) {
      let to = p * M + (y - top) * columns + x0 - left;
      for (let x = x0; x < x1; x++) {
        let highest = 0;
        for (const distance of distances) highest = Math.max(highest, edge[y * width + x + distance]!);
        affinity[to++] = 1 - highest;
      }
    }
  }
  return affinity;
}

/** An edge map with `radius` columns on both sides and `radius` rows below, all edge: IRN's grid for path affinities. */
export function padEdge(edge: ArrayLike<number>, height: number, width: number, radius: number): Float32Array {
  const wide = width + 2 * radius;
  const padded = new Float32Array((height + radius) * wide).fill(1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) padded[y * wide + x + radius] = edge[y * width + x]!;
  }
  return padded;
}
