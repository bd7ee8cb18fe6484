/**
 * Features of pixels: (x / sx, y / sy, channels / spreads), x first; feature k of point i goes to
 * `target + 4 · (k · stride + i)`, and up to the next multiple of 4 the last point again. Up to 16 bytes behind the last
 * feature's are written.
 *
 * @param image Bytes, `[height, width, channels]`; not read if `channels` is 0.
 * @param deviations sx, sy, two floats of nothing, then for each channel the features of its 256 values.
 */
export function pixelFeatures(image: usize, width: u32, channels: u32, deviations: usize, target: usize, stride: u32, from: u32, count: u32): void {
  // One feature after the other: each may write a little into the next one's place.
  positions(width, deviations, target, from, count, false);
  positions(width, deviations, target + ((<usize>stride) << 2), from, count, true);
  for (let c: u32 = 0; c < channels; c++) {
    const features = deviations + ((<usize>c) << 10);
    const row = target + (<usize>(2 + c) * <usize>stride << 2);
    let at = image + <usize>from * <usize>channels + <usize>c;
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
      store<f32>(row + i, load<f32>(features + ((<usize>load<u8>(at)) << 2), 16));
      at += channels;
    }
  }
  for (let k: u32 = 0; k < 2 + channels; k++) {
    const row = target + (<usize>k * <usize>stride << 2);
    for (let i = count; i & 3; i++) store<f32>(row + ((<usize>i) << 2), load<f32>(row + ((<usize>(count - 1)) << 2)));
  }
}

@inline
function positions(width: u32, deviations: usize, target: usize, from: u32, count: u32, vertical: bool): void {
  const sx = v128.load32_splat(deviations);
  const sy = load<f32>(deviations, 4);
  let y = from / width;
  let x = from - y * width;
  for (let i: u32 = 0; i < count; ) {
    const end = min(count, i + width - x);
    const height = f32x4.splat(<f32>y / sy);
    for (; i < end; i += 4) {
      const columns = i32x4.add(i32x4.splat(x), i32x4(0, 1, 2, 3));
      v128.store(target + ((<usize>i) << 2), vertical ? height : f32x4.div(f32x4.convert_i32x4_u(columns), sx));
      x += 4;
    }
    i = end;
    x = 0;
    y++;
  }
}
