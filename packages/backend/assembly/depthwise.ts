import { Window } from './window';

/** What a depthwise convolution computes and where to; 32-bit words, written by src/simd/depthwise.ts. */
@unmanaged
export class Depthwise {
  /** The first pixel of the grid; bytes to the next pixel, the next row, and the next image. */
  target: usize;
  columnBytes: usize;
  rowBytes: usize;
  imageBytes: usize;
  /** `[taps of the filter, channels]`, and for each tap of the window its place in it. */
  filter: usize;
  order: usize;
  /** One bias a channel, or 0; bounds. */
  bias: usize;
  low: f32;
  high: f32;
  /** `depthwiseScratch` bytes. */
  scratch: usize;
}

/** Bytes of scratch that {@link depthwise} needs. */
export function depthwiseScratch(taps: i32): usize {
  return <usize>taps << 3;
}

/** Slides a window over its source, each channel by itself. */
export function depthwise(w: Window, d: Depthwise): void {
  // Columns from `first` up to `end` see nothing outside, whatever the tap.
  let least = 0;
  let most = 0;
  for (let t = 0; t < w.taps; t++) {
    const dx = load<i32>(w.offsets + (<usize>t << 3), 4);
    least = t ? min(least, dx) : dx;
    most = t ? max(most, dx) : dx;
  }
  const first = min(w.columns, max(0, (w.columnStep - 1 - least) / w.columnStep));
  const right = w.width - 1 - most;
  const end = right < 0 ? first : max(first, min(w.columns, right / w.columnStep + 1));
  for (let image = 0; image < w.batch; image++) {
    for (let row = 0; row < w.rows; row++) {
      const to = d.target + <usize>image * d.imageBytes + <usize>row * d.rowBytes;
      let column = 0;
      for (; column < first; column++) border(w, d, image, row, column, to);
      if (end - first >= 4) {
        const active = taps(w, d, image, row, 0, false);
        for (; column < end; column += 4) {
          // The last four may overlap those before.
          column = min(column, end - 4);
          four(w, d, active, column, to + <usize>column * d.columnBytes);
        }
        column = end;
      }
      for (; column < w.columns; column++) border(w, d, image, row, column, to);
    }
  }
}

/** One pixel. */
function border(w: Window, d: Depthwise, image: i32, row: i32, column: i32, to: usize): void {
  one(w, d, taps(w, d, image, row, column, true), to + <usize>column * d.columnBytes);
}

/**
 * Lists the taps that are inside for a pixel: what the pixel sees, and the filter's values.
 *
 * @param narrow Whether the column counts, or only the row.
 * @returns How many there are.
 */
function taps(w: Window, d: Depthwise, image: i32, row: i32, column: i32, narrow: bool): i32 {
  const y0 = row * w.rowStep;
  const x0 = column * w.columnStep;
  let entry = d.scratch;
  let count = 0;
  for (let t = 0; t < w.taps; t++) {
    const offset = w.offsets + (<usize>t << 3);
    const y = y0 + load<i32>(offset);
    const x = x0 + load<i32>(offset, 4);
    if (<u32>y >= <u32>w.height || (narrow && <u32>x >= <u32>w.width)) continue;
    store<u32>(entry, <u32>(w.source + (<usize>(((image * w.height + y) * w.width + x) * w.channels) << 2)));
    const tap = load<i32>(d.order + (<usize>t << 2));
    store<u32>(entry, <u32>(d.filter + (<usize>(tap * w.channels) << 2)), 4);
    entry += 8;
    count++;
  }
  return count;
}

// @ts-ignore: decorator
@inline
function bounded(d: Depthwise, sum: v128): v128 {
  return f32x4.min(f32x4.max(sum, f32x4.splat(d.low)), f32x4.splat(d.high));
}

/** Four neighbouring pixels, from `column` on of those that the taps are listed for. */
function four(w: Window, d: Depthwise, count: i32, column: i32, target: usize): void {
  const bytes = <usize>w.channels << 2;
  const step = <usize>w.columnStep * bytes;
  const shift = <usize>column * step;
  const list = d.scratch;
  const second = target + d.columnBytes;
  const third = second + d.columnBytes;
  const fourth = third + d.columnBytes;
  let c: usize = 0;
  for (; c + 32 <= bytes; c += 32) {
    let s00: v128 = f32x4.splat(0);
    let s01: v128 = f32x4.splat(0);
    if (d.bias) {
      s00 = v128.load(d.bias + c);
      s01 = v128.load(d.bias + c, 16);
    }
    let s10 = s00;
    let s11 = s01;
    let s20 = s00;
    let s21 = s01;
    let s30 = s00;
    let s31 = s01;
    let entry = list;
    for (let t = count; t > 0; t--) {
      let x = <usize>load<u32>(entry) + shift + c;
      const f = <usize>load<u32>(entry, 4) + c;
      entry += 8;
      const f0 = v128.load(f);
      const f1 = v128.load(f, 16);
      s00 = f32x4.add(s00, f32x4.mul(v128.load(x), f0));
      s01 = f32x4.add(s01, f32x4.mul(v128.load(x, 16), f1));
      x += step;
      s10 = f32x4.add(s10, f32x4.mul(v128.load(x), f0));
      s11 = f32x4.add(s11, f32x4.mul(v128.load(x, 16), f1));
      x += step;
      s20 = f32x4.add(s20, f32x4.mul(v128.load(x), f0));
      s21 = f32x4.add(s21, f32x4.mul(v128.load(x, 16), f1));
      x += step;
      s30 = f32x4.add(s30, f32x4.mul(v128.load(x), f0));
      s31 = f32x4.add(s31, f32x4.mul(v128.load(x, 16), f1));
    }
    v128.store(target + c, bounded(d, s00));
    v128.store(target + c, bounded(d, s01), 16);
    v128.store(second + c, bounded(d, s10));
    v128.store(second + c, bounded(d, s11), 16);
    v128.store(third + c, bounded(d, s20));
    v128.store(third + c, bounded(d, s21), 16);
    v128.store(fourth + c, bounded(d, s30));
    v128.store(fourth + c, bounded(d, s31), 16);
  }
  if (c < bytes) {
    let from = shift;
    for (let i = 0; i < 4; i++) {
      channels(d, count, from, c, bytes, target);
      from += step;
      target += d.columnBytes;
    }
  }
}

function one(w: Window, d: Depthwise, count: i32, target: usize): void {
  channels(d, count, 0, 0, <usize>w.channels << 2, target);
}

/** The channels of one pixel from byte `c` on. */
function channels(d: Depthwise, count: i32, shift: usize, c: usize, bytes: usize, target: usize): void {
  const list = d.scratch;
  for (; c + 16 <= bytes; c += 16) {
    let sum: v128 = f32x4.splat(0);
    if (d.bias) sum = v128.load(d.bias + c);
    let entry = list;
    for (let t = count; t > 0; t--) {
      const x = <usize>load<u32>(entry) + shift + c;
      sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load(<usize>load<u32>(entry, 4) + c)));
      entry += 8;
    }
    v128.store(target + c, bounded(d, sum));
  }
  for (; c < bytes; c += 4) {
    let sum: f32 = d.bias ? load<f32>(d.bias + c) : 0;
    let entry = list;
    for (let t = count; t > 0; t--) {
      sum += load<f32>(<usize>load<u32>(entry) + shift + c) * load<f32>(<usize>load<u32>(entry, 4) + c);
      entry += 8;
    }
    store<f32>(target + c, min<f32>(max<f32>(sum, d.low), d.high));
  }
}
