/**
 * The gradient of a bilinear resize, first along the rows and then along the columns: dx is
 * `[batch, height, width, channels]`, dy `[batch, outRows, outColumns, channels]`.
 *
 * @param rows Along one axis, for each output pixel 12 bytes: the two inputs between which it lies, and the weight (f32)
 *   of the second.
 * @param sums Room for `[height, outColumns, channels]`.
 */
export function resizeBilinearGradient(
  dy: usize,
  target: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outRows: i32,
  outColumns: i32,
  rows: usize,
  columns: usize,
  sums: usize,
): void {
  const pixel = <usize>channels << 2;
  const outRow = <usize>outColumns * pixel;
  const row = <usize>width * pixel;
  for (let n = batch; n > 0; n--) {
    memory.fill(sums, 0, <usize>height * outRow);
    let taps = rows;
    for (let y = outRows; y > 0; y--) {
      const weight = load<f32>(taps, 8);
      addScaled(sums + <usize>load<i32>(taps) * outRow, dy, outRow, 1 - weight);
      if (weight !== 0) addScaled(sums + <usize>load<i32>(taps, 4) * outRow, dy, outRow, weight);
      dy += outRow;
      taps += 12;
    }
    memory.fill(target, 0, <usize>height * row);
    let from = sums;
    for (let y = height; y > 0; y--) {
      taps = columns;
      for (let x = outColumns; x > 0; x--) {
        const weight = load<f32>(taps, 8);
        addScaled(target + <usize>load<i32>(taps) * pixel, from, pixel, 1 - weight);
        if (weight !== 0) addScaled(target + <usize>load<i32>(taps, 4) * pixel, from, pixel, weight);
        from += pixel;
        taps += 12;
      }
      target += row;
    }
  }
}

@inline
function addScaled(to: usize, from: usize, bytes: usize, weight: f32): void {
  const factor = f32x4.splat(weight);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    v128.store(to + i, f32x4.add(v128.load(to + i), f32x4.mul(v128.load(from + i), factor)));
  }
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i) * weight);
}
