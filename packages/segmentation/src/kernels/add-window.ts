/** Adds a window's scores `[rows, columns, K]` to those of the whole `[h, w, K]`; what lies beyond is left out. */
export function addWindow(
  sum: Float32Array,
  counts: Uint16Array,
  [h, w, K]: readonly [number, number, number],
  scores: Float32Array,
  [top, left, rows, columns]: readonly [number, number, number, number],
): void {
  const width = Math.min(columns, w - left);
  for (let y = 0; y < Math.min(rows, h - top); y++) {
    const to = (top + y) * w + left;
    const from = y * columns * K;
    for (let i = 0; i < width * K; i++) sum[to * K + i]! += scores[from + i]!;
    for (let x = 0; x < width; x++) counts[to + x]!++;
  }
}

/** Divides each row of K by its count. */
export function divideRows(sum: Float32Array, counts: Uint16Array, K: number): void {
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 1) continue;
    for (let k = 0; k < K; k++) sum[i * K + k]! /= counts[i]!;
  }
}
