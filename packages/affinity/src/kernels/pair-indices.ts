import { pairCounts, type Stencil } from './stencil';

/**
 * The cells of each pair, as y · width + x.
 *
 * @returns `from` `[M]` and `to` `[P, M]`; −1 where the partner would lie outside.
 */
export function pairIndices(pairs: Stencil): { from: Int32Array; to: Int32Array } {
  const { height, width, offsets, top, left, columns } = pairs;
  const [P, M] = pairCounts(pairs);
  const from = new Int32Array(M);
  const to = new Int32Array(P * M);
  for (let m = 0; m < M; m++) {
    const y = top + Math.floor(m / columns);
    const x = left + (m % columns);
    from[m] = y * width + x;
    for (let p = 0; p < P; p++) {
      const [ty, tx] = [y + offsets[2 * p]!, x + offsets[2 * p + 1]!];
      const inside = ty >= 0 && ty < height && tx >= 0 && tx < width;
      to[p * M + m] = inside ? ty * width + tx : -1;
    }
  }
  return { from, to };
}
