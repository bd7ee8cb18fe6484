/**
 * Means of cells of `size × size` pixels; the last row and column of cells may reach beyond the map.
 *
 * @param maps `[height, width, channels]`.
 * @param padding What is beyond counts as `'zero'`, as in the official code, or not at all (`'ignore'`).
 * @returns `[⌈height / size⌉, ⌈width / size⌉, channels]`.
 */
export function poolCells(
  maps: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  size: number,
  padding: 'zero' | 'ignore',
): Float32Array {
  const [rows, columns] = [Math.ceil(height / size), Math.ceil(width / size)];
  const sums = new Float64Array(rows * columns * channels);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (Math.floor(y / size) * columns + Math.floor(x / size)) * channels;
      for (let c = 0; c < channels; c++) sums[to + c]! += maps[from++]!;
    }
  }
  const pooled = new Float32Array(sums.length);
  const inside = (index: number, length: number) => Math.min(size, length - index * size);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const area = padding === 'zero' ? size * size : inside(y, height) * inside(x, width);
      for (let c = 0; c < channels; c++, i++) pooled[i] = sums[i]! / area;
    }
  }
  return pooled;
}
