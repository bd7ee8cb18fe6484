import { insideSources, pairCounts, type Stencil } from './stencil';

/** 1 where a pair is of the kind, `[P, M]` each; a pair that touches an ignored cell is of none. */
export interface PairMasks {
  readonly backgroundPositive: Uint8Array;
  readonly foregroundPositive: Uint8Array;
  readonly negative: Uint8Array;
}

/**
 * What a label map says about pairs of cells.
 *
 * @param labels `[height, width]`; from `ignoredFrom` on a label is ignored.
 */
export function affinityLabels(labels: Uint8Array, pairs: Stencil, ignoredFrom = 255): PairMasks {
  const { width, offsets, top, left, columns } = pairs;
  const [P, M] = pairCounts(pairs);
  const backgroundPositive = new Uint8Array(P * M);
  const foregroundPositive = new Uint8Array(P * M);
  const negative = new Uint8Array(P * M);
  for (let p = 0; p < P; p++) {
    const [dy, dx] = [offsets[2 * p]!, offsets[2 * p + 1]!];
    const { y0, y1, x0, x1 } = insideSources(pairs, dy, dx);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const one = labels[y * width + x]!;
        const other = labels[(y + dy) * width + x + dx]!;
        if (one >= ignoredFrom || other >= ignoredFrom) continue;
        const mask = one !== other ? negative : one === 0 ? backgroundPositive : foregroundPositive;
        mask[p * M + (y - top) * columns + x - left] = 1;
      }
    }
  }
  return { backgroundPositive, foregroundPositive, negative };
}
