/**
 * Features of pixels (and, up to the next multiple of 4, the last one again): (x / sx, y / sy, channels / spreads), x first; feature k of point i goes to
 * `target + 4 · (k · stride + i)`.
 *
 * @param image Bytes, `[height, width, channels]`; not read if `channels` is 0.
 * @param deviations `2 + channels` floats.
 */
export function pixelFeatures(image: usize, width: u32, channels: u32, deviations: usize, target: usize, stride: u32, from: u32, count: u32): void {
  const sx = load<f32>(deviations);
  const sy = load<f32>(deviations, 4);
  let x = from % width;
  let y = from / width;
  const second = target + ((<usize>stride) << 2);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
    store<f32>(target + i, <f32>x / sx);
    store<f32>(second + i, <f32>y / sy);
    if (++x == width) {
      x = 0;
      y++;
    }
  }
  for (let c: u32 = 0; c < channels; c++) {
    const spread = load<f32>(deviations + ((<usize>c) << 2), 8);
    const row = target + (<usize>(2 + c) * <usize>stride << 2);
    let at = image + <usize>from * <usize>channels + <usize>c;
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
      store<f32>(row + i, <f32>load<u8>(at) / spread);
      at += channels;
    }
  }
  for (let k: u32 = 0; k < 2 + channels; k++) {
    const row = target + (<usize>k * <usize>stride << 2);
    for (let i = count; i & 3; i++) store<f32>(row + ((<usize>i) << 2), load<f32>(row + ((<usize>(count - 1)) << 2)));
  }
}
