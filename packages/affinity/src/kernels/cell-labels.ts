/**
 * One label for each cell of `size × size` pixels: the one that holds at least a share of the cell's pixels, ignored
 * ones counted, else 255. Where the map ends within a cell, the cell is what is inside.
 *
 * @param labels `[height, width]`.
 * @returns `[⌈height / size⌉, ⌈width / size⌉]`.
 */
export function cellLabels(labels: Uint8Array, height: number, width: number, size: number, share: number): Uint8Array {
  const [rows, columns] = [Math.ceil(height / size), Math.ceil(width / size)];
  const result = new Uint8Array(rows * columns).fill(255);
  const counts = new Uint32Array(256);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      counts.fill(0);
      let pixels = 0;
      for (let y = row * size; y < Math.min(height, (row + 1) * size); y++) {
        for (let x = column * size; x < Math.min(width, (column + 1) * size); x++, pixels++)
          counts[labels[y * width + x]!]!++;
      }
      for (let label = 0; label < 255; label++) {
        // The first of two halves, at a share of one half.
        if (counts[label]! >= share * pixels && counts[label]! > 0) {
          result[row * columns + column] = label;
          break;
        }
      }
    }
  }
  return result;
}
