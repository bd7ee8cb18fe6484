import { share } from './share';
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
  /** Whether biases (one a channel, or 0) and bounds follow. */
  finishes: i32;
  bias: usize;
  low: f32;
  high: f32;
}

/** Where a thread keeps the list of taps; before it a word, written so that no compiler leaves a reading out. */
const LIST: usize = 16;

/** Bytes of scratch that each thread needs. */
export function depthwiseScratch(taps: i32): usize {
  return LIST + (<usize>taps << 3);
}

/** Slides a window over its source, each channel by itself: a part of the rows of all images. */
export function depthwisePart(w: Window, d: Depthwise, part: i32, parts: i32, scratch: usize): void {
  // Columns from `first` up to `end` see nothing outside, whatever the tap.
  let least = 0;
  let most = 0;
  let lowest = 0;
  for (let t = 0; t < w.taps; t++) {
    const dx = load<i32>(w.offsets + (<usize>t << 3), 4);
    least = t ? min(least, dx) : dx;
    most = t ? max(most, dx) : dx;
    lowest = max(lowest, load<i32>(w.offsets + (<usize>t << 3)));
  }
  const first = min(w.columns, max(0, (w.columnStep - 1 - least) / w.columnStep));
  const right = w.width - 1 - most;
  const end = right < 0 ? first : max(first, min(w.columns, right / w.columnStep + 1));
  const bytes = <usize>w.channels << 2;
  const last = share(w.batch * w.rows, 1, part + 1, parts);
  for (let line = share(w.batch * w.rows, 1, part, parts); line < last; line++) {
    const image = line / w.rows;
    const row = line % w.rows;
    const to = d.target + <usize>image * d.imageBytes + <usize>row * d.rowBytes;
    let column = 0;
    for (; column < first; column++) border(w, d, image, row, column, to, scratch);
    const next = (row + 1) * w.rowStep + lowest;
    const below = next < w.height ? w.source + <usize>((image * w.height + next) * w.width) * bytes : 0;
    if (end - first >= 4) {
      const active = taps(w, d, image, row, 0, false, scratch);
      for (; column < end; column += 4) {
        // The last four may overlap those before.
        column = min(column, end - 4);
        const x = column * w.columnStep;
        const ahead = min(4 * w.columnStep, w.width - x);
        if (below && ahead > 0) touch(scratch, below + <usize>x * bytes, <usize>ahead * bytes);
        if (d.columnBytes == bytes) touch(scratch, to + <usize>column * bytes, bytes << 2);
        four(w, d, active, column, to + <usize>column * d.columnBytes, scratch);
      }
      column = end;
    }
    for (; column < w.columns; column++) border(w, d, image, row, column, to, scratch);
  }
}

/**
 * Reads a value of each line of the cache, in order: the processor then fetches ahead, which it does not for the many
 * short runs that the sums read.
 */
function touch(scratch: usize, from: usize, bytes: usize): void {
  let some: u32 = 0;
  for (let i: usize = 0; i < bytes; i += 64) some |= load<u32>(from + i);
  store<u32>(scratch, some);
}

/** One pixel. */
function border(w: Window, d: Depthwise, image: i32, row: i32, column: i32, to: usize, scratch: usize): void {
  const count = taps(w, d, image, row, column, true, scratch);
  one(w, d, scratch + LIST, count, to + <usize>column * d.columnBytes);
}

/**
 * Lists the taps that are inside for a pixel: what the pixel sees, and the filter's values.
 *
 * @param narrow Whether the column counts, or only the row.
 * @returns How many there are.
 */
function taps(w: Window, d: Depthwise, image: i32, row: i32, column: i32, narrow: bool, scratch: usize): i32 {
  const y0 = row * w.rowStep;
  const x0 = column * w.columnStep;
  let entry = scratch + LIST;
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

/** Adds the biases to a finished pixel and bounds it. */
function finish(d: Depthwise, bytes: usize, target: usize): void {
  const low = f32x4.splat(d.low);
  const high = f32x4.splat(d.high);
  const bias = d.bias;
  let c: usize = 0;
  for (; c + 16 <= bytes; c += 16) {
    let sum = v128.load(target + c);
    if (bias) sum = f32x4.add(sum, v128.load(bias + c));
    v128.store(target + c, f32x4.min(f32x4.max(sum, low), high));
  }
  for (; c < bytes; c += 4) {
    let sum = load<f32>(target + c);
    if (bias) sum += load<f32>(bias + c);
    store<f32>(target + c, min<f32>(max<f32>(sum, d.low), d.high));
  }
}

/** Four neighbouring pixels, from `column` on of those that the taps are listed for. */
function four(w: Window, d: Depthwise, count: i32, column: i32, target: usize, scratch: usize): void {
  const list = scratch + LIST;
  const bytes = <usize>w.channels << 2;
  const step = <usize>w.columnStep * bytes;
  let shift = <usize>column * step;
  const c = sumFour(list, count, shift, step, bytes, target, d.columnBytes);
  for (let i = 0; i < 4; i++) {
    if (c < bytes) channels(list, count, shift, c, bytes, target);
    if (d.finishes) finish(d, bytes, target);
    shift += step;
    target += d.columnBytes;
  }
}

/** As many channels of four pixels as whole eights go. */
function sumFour(list: usize, count: i32, shift: usize, step: usize, bytes: usize, target: usize, next: usize): usize {
  const whole = bytes & ~31;
  for (let c: usize = 0; c < whole; c += 32) {
    let s00: v128 = f32x4.splat(0);
    let s01: v128 = f32x4.splat(0);
    let s10: v128 = f32x4.splat(0);
    let s11: v128 = f32x4.splat(0);
    let s20: v128 = f32x4.splat(0);
    let s21: v128 = f32x4.splat(0);
    let s30: v128 = f32x4.splat(0);
    let s31: v128 = f32x4.splat(0);
    let entry = list;
    const from = shift + c;
    for (let t = count; t > 0; t--) {
      let x = <usize>load<u32>(entry) + from;
      const f = <usize>load<u32>(entry, 4) + c;
      entry += 8;
      const f0 = v128.load(f);
      const f1 = v128.load(f, 16);
      s00 = f32x4.add(s00, f32x4.mul(f0, v128.load(x)));
      s01 = f32x4.add(s01, f32x4.mul(f1, v128.load(x, 16)));
      x += step;
      s10 = f32x4.add(s10, f32x4.mul(f0, v128.load(x)));
      s11 = f32x4.add(s11, f32x4.mul(f1, v128.load(x, 16)));
      x += step;
      s20 = f32x4.add(s20, f32x4.mul(f0, v128.load(x)));
      s21 = f32x4.add(s21, f32x4.mul(f1, v128.load(x, 16)));
      x += step;
      s30 = f32x4.add(s30, f32x4.mul(f0, v128.load(x)));
      s31 = f32x4.add(s31, f32x4.mul(f1, v128.load(x, 16)));
    }
    let to = target + c;
    v128.store(to, s00);
    v128.store(to, s01, 16);
    to += next;
    v128.store(to, s10);
    v128.store(to, s11, 16);
    to += next;
    v128.store(to, s20);
    v128.store(to, s21, 16);
    to += next;
    v128.store(to, s30);
    v128.store(to, s31, 16);
  }
  return whole;
}

function one(w: Window, d: Depthwise, list: usize, count: i32, target: usize): void {
  const bytes = <usize>w.channels << 2;
  channels(list, count, 0, 0, bytes, target);
  if (d.finishes) finish(d, bytes, target);
}

/** The channels of one pixel from byte `c` on. */
function channels(list: usize, count: i32, shift: usize, c: usize, bytes: usize, target: usize): void {
  for (; c + 16 <= bytes; c += 16) {
    let sum: v128 = f32x4.splat(0);
    let entry = list;
    for (let t = count; t > 0; t--) {
      const x = <usize>load<u32>(entry) + shift + c;
      sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load(<usize>load<u32>(entry, 4) + c)));
      entry += 8;
    }
    v128.store(target + c, sum);
  }
  for (; c < bytes; c += 4) {
    let sum: f32 = 0;
    let entry = list;
    for (let t = count; t > 0; t--) {
      sum += load<f32>(<usize>load<u32>(entry) + shift + c) * load<f32>(<usize>load<u32>(entry, 4) + c);
      entry += 8;
    }
    store<f32>(target + c, sum);
  }
}
