import { CORNER, cornerTile, tile } from './tile';
import { packColumns } from './pack';
import { Pixel, Window, addresses, advance, gatherPatch, startAt } from './window';

/** Pixels that are summed at a time: their packed values stay in the cache. */
const CHUNK: i32 = 256;
/** Bytes between packed rows beyond their values: a distance of 4 KiB would put all rows into the same cache lines. */
export const APART: usize = 64;

/** What is computed; 32-bit words, written by src/simd/conv2d-backprop-filter.ts. */
@unmanaged
export class FilterGradient {
  /** `[pixels of the grid, channels]`. */
  dy: usize;
  channels: i32;
  /** `[taps, channels of the source, channels]`. */
  target: usize;
  /** Whether each pixel's taps are copied side by side first: for few channels. */
  gathers: i32;
  scratch: usize;
}

@inline
function roundUp(n: i32, multiple: i32): i32 {
  return ((n + multiple - 1) / multiple) * multiple;
}

/** Bytes of scratch that {@link filterGradient} needs. */
export function filterGradientScratch(taps: i32, sourceChannels: i32, channels: i32, gathers: bool): usize {
  const length = gathers ? taps * sourceChannels : sourceChannels;
  const patches = gathers ? <usize>(CHUNK * taps * sourceChannels) << 2 : 0;
  const tables = <usize>(CHUNK * taps) << 2;
  const left = (<usize>roundUp(length, 16) >> 2) * ((<usize>CHUNK << 4) + APART);
  return 64 + CORNER + (<usize>(sourceChannels + 4 + channels + 8) << 2) + tables + (<usize>(CHUNK * roundUp(channels, 8)) << 2) + left + patches;
}

/** target[tap][i][o] = Σ over pixels of source[pixel under the tap][i] · dy[pixel][o]. */
export function filterGradient(w: Window, g: FilterGradient): void {
  const gathers = g.gathers != 0;
  const length = gathers ? w.taps * w.channels : w.channels;
  const runs = gathers ? 1 : w.taps;
  const pixel = changetype<Pixel>(g.scratch);
  const rows = g.scratch + 16;
  const targets = g.scratch + 32;
  const corner = g.scratch + 48;
  const nowhere = corner + CORNER;
  const zeros = nowhere + (<usize>(g.channels + 8) << 2);
  const table = zeros + (<usize>(w.channels + 4) << 2);
  const right = table + (<usize>(CHUNK * runs) << 2);
  const left = right + (<usize>(CHUNK * roundUp(g.channels, 8)) << 2);
  const patches = left + (<usize>roundUp(length, 16) >> 2) * ((<usize>CHUNK << 4) + APART);
  memory.fill(zeros, 0, <usize>w.channels << 2);
  const pixels = w.batch * w.rows * w.columns;
  startAt(pixel, w, 0);
  for (let p = 0; p < pixels; p += CHUNK) {
    const count = min(CHUNK, pixels - p);
    packColumns(g.dy + (<usize>(p * g.channels) << 2), right, count, g.channels, 0, g.channels);
    for (let i = 0; i < count; i++) {
      const entry = table + (<usize>i << 2);
      if (gathers) {
        const patch = patches + (<usize>(i * length) << 2);
        gatherPatch(w, pixel, patch);
        store<u32>(entry, <u32>patch);
      } else {
        addresses(w, pixel, entry, <usize>CHUNK << 2, zeros);
      }
      advance(pixel, w);
    }
    for (let t = 0; t < runs; t++) {
      packLeft(table + (<usize>(t * CHUNK) << 2), count, length, left);
      const target = g.target + (<usize>(t * length * g.channels) << 2);
      multiply(g, count, length, left, right, target, p > 0, rows, targets, nowhere, corner);
    }
  }
}

/** Panels `[length / 4][count][4]` of the rows that a table tells: 16 values at a time are a line of the cache. */
function packLeft(table: usize, count: i32, length: i32, target: usize): void {
  const panel = (<usize>count << 4) + APART;
  let c = 0;
  for (; c + 16 <= length; c += 16) {
    let first = target + <usize>(c >> 2) * panel;
    let second = first + panel;
    let third = second + panel;
    let fourth = third + panel;
    for (let i: usize = 0; i < <usize>count; i++) {
      const source = <usize>load<u32>(table + (i << 2)) + (<usize>c << 2);
      v128.store(first, v128.load(source));
      v128.store(second, v128.load(source, 16));
      v128.store(third, v128.load(source, 32));
      v128.store(fourth, v128.load(source, 48));
      first += 16;
      second += 16;
      third += 16;
      fourth += 16;
    }
  }
  for (; c < length; c += 4) {
    let to = target + <usize>(c >> 2) * panel;
    const width = min(4, length - c);
    for (let i: usize = 0; i < <usize>count; i++) {
      const source = <usize>load<u32>(table + (i << 2)) + (<usize>c << 2);
      if (width == 4) v128.store(to, v128.load(source));
      else for (let j: usize = 0; j < 4; j++) store<f32>(to + (j << 2), j < <usize>width ? load<f32>(source + (j << 2)) : 0);
      to += 16;
    }
  }
}

/** target `[length, channels]` (+)= left · right. */
export function multiply(
  g: FilterGradient,
  count: i32,
  length: i32,
  left: usize,
  right: usize,
  target: usize,
  add: bool,
  rows: usize,
  targets: usize,
  nowhere: usize,
  corner: usize,
): void {
  const panel = (<usize>count << 4) + APART;
  const row = <usize>g.channels << 2;
  for (let o = 0; o < g.channels; o += 8) {
    const columns = min(8, g.channels - o);
    const at = <usize>o << 2;
    const b = right + (<usize>(o * count) << 2);
    for (let c = 0; c < length; c += 4) {
      const a = left + <usize>(c >> 2) * panel;
      const to = target + <usize>c * row;
      for (let r: usize = 0; r < 4; r++) {
        store<u32>(rows + (r << 2), <u32>(a + (r << 2)));
        store<u32>(targets + (r << 2), <u32>(c + <i32>r < length ? to + r * row : nowhere));
      }
      if (columns == 8) tile<v128>(1, count, rows, b, 32, targets, at, add, 0);
      else cornerTile<v128>(1, count, rows, b, 32, targets, at, add, 0, columns, corner);
    }
  }
}
