import { CORNER, cornerTile, tile } from './tile';
import { packColumns } from './pack';
import { roundUp, share } from './share';
import { Pixel, Window, addresses, advance, gatherPatch, startAt } from './window';

/** Pixels that are summed at a time: their packed values stay in the cache. */
const CHUNK: i32 = 256;
/** Bytes between packed rows beyond their values: a distance of 4 KiB would put all rows into the same cache lines. */
export const APART: usize = 64;

/** What is computed; 32-bit words, written by src/simd/filter-gradient.ts. */
@unmanaged
export class FilterGradient {
  /** `[pixels of the grid, channels]`. */
  dy: usize;
  channels: i32;
  /** `[taps, channels of the source, channels]`. */
  target: usize;
  /** Whether each pixel's taps are copied side by side first: for few channels. */
  gathers: i32;
  /** Parts of the rows, and of the channels, that are computed by themselves. */
  rowParts: i32;
  columnParts: i32;
}

/** Bytes of scratch that each thread needs. */
export function filterGradientScratch(taps: i32, sourceChannels: i32, channels: i32, gathers: bool): usize {
  const length = gathers ? taps * sourceChannels : sourceChannels;
  const patches = gathers ? <usize>(CHUNK * taps * sourceChannels) << 2 : 0;
  const tables = <usize>(CHUNK * taps) << 2;
  const left = (<usize>roundUp(length, 16) >> 2) * ((<usize>CHUNK << 4) + APART);
  return 64 + CORNER + (<usize>(sourceChannels + 4 + channels + 8) << 2) + tables + (<usize>(CHUNK * roundUp(channels, 8)) << 2) + left + patches;
}

/** target[tap][i][o] = Σ over pixels of source[pixel under the tap][i] · dy[pixel][o], for some i and o. */
export function filterGradientPart(w: Window, g: FilterGradient, part: i32, scratch: usize): void {
  const gathers = g.gathers != 0;
  const length = gathers ? w.taps * w.channels : w.channels;
  const runs = gathers ? 1 : w.taps;
  const first = share(length, 4, part / g.columnParts, g.rowParts);
  const last = share(length, 4, part / g.columnParts + 1, g.rowParts);
  const from = share(g.channels, 8, part % g.columnParts, g.columnParts);
  const end = share(g.channels, 8, part % g.columnParts + 1, g.columnParts);
  const pixel = changetype<Pixel>(scratch);
  const corner = scratch + 48;
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
    packColumns(g.dy + (<usize>(p * g.channels) << 2), right, count, g.channels, from, end);
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
      packLeft(table + (<usize>(t * CHUNK) << 2), count, first, last, left);
      const target = g.target + (<usize>((t * length + first) * g.channels) << 2);
      multiply(g.channels, from, end, count, last - first, left, right, target, p > 0, scratch + 16, nowhere, corner);
    }
  }
}

/**
 * Panels `[values / 4][count][4]` of the values `first` up to `last` of the rows that a table tells: 16 values at a time
 * are a line of the cache.
 */
function packLeft(table: usize, count: i32, first: i32, last: i32, target: usize): void {
  const panel = (<usize>count << 4) + APART;
  let c = first;
  for (; c + 16 <= last; c += 16) {
    let one = target;
    let second = one + panel;
    let third = second + panel;
    let fourth = third + panel;
    for (let i: usize = 0; i < <usize>count; i++) {
      const source = <usize>load<u32>(table + (i << 2)) + (<usize>c << 2);
      v128.store(one, v128.load(source));
      v128.store(second, v128.load(source, 16));
      v128.store(third, v128.load(source, 32));
      v128.store(fourth, v128.load(source, 48));
      one += 16;
      second += 16;
      third += 16;
      fourth += 16;
    }
    target += 4 * panel;
  }
  for (; c < last; c += 4) {
    let to = target;
    const width = min(4, last - c);
    for (let i: usize = 0; i < <usize>count; i++) {
      const source = <usize>load<u32>(table + (i << 2)) + (<usize>c << 2);
      if (width == 4) v128.store(to, v128.load(source));
      else for (let j: usize = 0; j < 4; j++) store<f32>(to + (j << 2), j < <usize>width ? load<f32>(source + (j << 2)) : 0);
      to += 16;
    }
    target += panel;
  }
}

/**
 * target (+)= left · right: `length` rows, and of each row's `channels` columns those from `from` up to `end`.
 *
 * @param tables Room for 32 bytes.
 */
export function multiply(
  channels: i32,
  from: i32,
  end: i32,
  count: i32,
  length: i32,
  left: usize,
  right: usize,
  target: usize,
  add: bool,
  tables: usize,
  nowhere: usize,
  corner: usize,
): void {
  const panel = (<usize>count << 4) + APART;
  const row = <usize>channels << 2;
  const targets = tables + 16;
  for (let o = from; o < end; o += 8) {
    const columns = min(8, channels - o);
    const at = <usize>o << 2;
    const b = right + (<usize>((o - from) * count) << 2);
    for (let c = 0; c < length; c += 4) {
      const a = left + <usize>(c >> 2) * panel;
      const to = target + <usize>c * row;
      for (let r: usize = 0; r < 4; r++) {
        store<u32>(tables + (r << 2), <u32>(a + (r << 2)));
        store<u32>(targets + (r << 2), <u32>(c + <i32>r < length ? to + r * row : nowhere));
      }
      if (columns == 8) tile<v128>(1, count, tables, b, 32, targets, at, add, 0);
      else cornerTile<v128>(1, count, tables, b, 32, targets, at, add, 0, columns, corner);
    }
  }
}
