/**
 * Averages of the pixels that each pixel of a smaller image covers (whole ones, so that neighbours may share some).
 *
 * @param values `[height, width, channels]`, finite or +Infinity, which counts as 10⁴.
 * @param result `[rows, columns, channels]`
 */
export function shrink(
  values: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  result: Float32Array,
  [rows, columns]: readonly [number, number],
): void {
  const sums = new Float64Array(channels);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = [Math.floor((row * height) / rows), Math.ceil(((row + 1) * height) / rows)];
    for (let column = 0; column < columns; column++) {
      const [left, right] = [Math.floor((column * width) / columns), Math.ceil(((column + 1) * width) / columns)];
      sums.fill(0);
      for (let y = top; y < bottom; y++) {
        for (let i = (y * width + left) * channels; i < (y * width + right) * channels; ) {
          for (let c = 0; c < channels; c++, i++) {
            sums[c]! += Math.min(values[i]!, 1e4);
          }
        }
      }
      const count = (bottom - top) * (right - left);
      const at = (row * columns + column) * channels;
      for (let c = 0; c < channels; c++) result[at + c] = sums[c]! / count;
    }
  }
}
