type Numbers = Float32Array | Int32Array | Uint8Array;

// 16 rows of 16 values touch 32 lines of the cache at a time, and each of them to its end.
const BLOCK = 16;

/** `[batch, rows, columns]` → `[batch, columns, rows]`, in blocks that stay in the cache. */
export function transposeLast(out: Numbers, x: Numbers, batch: number, rows: number, columns: number): void {
  for (let n = 0; n < batch; n++) {
    const base = n * rows * columns;
    for (let r0 = 0; r0 < rows; r0 += BLOCK) {
      const r1 = Math.min(rows, r0 + BLOCK);
      for (let c0 = 0; c0 < columns; c0 += BLOCK) {
        const c1 = Math.min(columns, c0 + BLOCK);
        for (let c = c0; c < c1; c++) {
          let to = base + c * rows + r0;
          let from = base + r0 * columns + c;
          for (let r = r0; r < r1; r++, from += columns) out[to++] = x[from]!;
        }
      }
    }
  }
}
