/**
 * Cuts rows and columns into a part for each thread, or, where they cannot be cut so, for as many as can be.
 *
 * @param weight What a row costs in each part, when a column costs 1.
 */
export function splitGrid(
  threads: number,
  rows: number,
  columns: number,
  weight: number,
): { readonly rows: number; readonly columns: number } {
  for (let parts = threads; parts > 1; parts--) {
    let best: { rows: number; columns: number } | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let across = 1; across <= parts; across++) {
      const down = parts / across;
      if (!Number.isInteger(down) || down > rows || across > columns) continue;
      // Parts of unequal sizes wait for the largest.
      const [tall, wide] = [Math.ceil(rows / down), Math.ceil(columns / across)];
      const cost = tall * wide + (weight * tall) / 8 + wide / 8;
      if (cost < least) [best, least] = [{ rows: down, columns: across }, cost];
    }
    if (best) return best;
  }
  return { rows: 1, columns: 1 };
}
