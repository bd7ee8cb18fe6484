/** `[outer, rows, columns]` → `[outer, columns]`, summed in doubles and scaled. */
export function sumRows(
  out: Float32Array,
  x: Float32Array,
  [outer, rows, columns]: readonly [number, number, number],
  scale: number,
): void {
  const sums = new Float64Array(columns);
  for (let n = 0; n < outer; n++) {
    sums.fill(0);
    let from = n * rows * columns;
    let row = 0;
    // Four rows at a time: the sums are read and written once for the four.
    for (; row + 4 <= rows; row += 4, from += 4 * columns) {
      const [second, third, fourth] = [from + columns, from + 2 * columns, from + 3 * columns];
      for (let c = 0; c < columns; c++) sums[c]! += x[from + c]! + x[second + c]! + x[third + c]! + x[fourth + c]!;
    }
    for (; row < rows; row++, from += columns) {
      for (let c = 0; c < columns; c++) sums[c]! += x[from + c]!;
    }
    for (let c = 0; c < columns; c++) out[n * columns + c] = sums[c]! * scale;
  }
}
