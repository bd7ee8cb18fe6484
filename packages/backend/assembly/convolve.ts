import { CORNER, FINISH, cornerTile, tile } from './tile';
import { Pixel, Window, addresses, advance, gatherPatch, startAt } from './window';

/** Pixels whose addresses are tabulated at a time: what they see stays in the cache while all panels pass over it. */
const BLOCK: i32 = 96;

/** Some channels of some pixels of a convolution. */
@unmanaged
export class Product {
  /** The first pixel of the grid, first channel; bytes to the next pixel, the next row, and the next image. */
  target: usize;
  columnBytes: usize;
  rowBytes: usize;
  imageBytes: usize;
  channels: i32;
  /** The channels that are computed, `from` a multiple of 8. */
  from: i32;
  end: i32;
  /** The filter from channel `from` on, in panels `[taps · channels of the source][8]`. */
  panels: usize;
  /** Bytes from one panel to the next, and from one value's 8 columns to the next value's. */
  panelBytes: usize;
  valueBytes: usize;
  /** `FINISH` bytes for each panel, or 0. */
  finish: usize;
  /** Taps that are summed at a time. */
  run: i32;
  /** Whether each pixel's taps are copied side by side first: for few channels. */
  gathers: i32;
  /** The pixels that are computed. */
  first: i32;
  last: i32;
  scratch: usize;
}

/** Bytes of scratch that {@link convolve} needs. */
export function convolveScratch(taps: i32, sourceChannels: i32, channels: i32, gathers: bool): usize {
  const runs = gathers ? 1 : taps;
  const patches = gathers ? <usize>(BLOCK * taps * sourceChannels) << 2 : 0;
  return CORNER + (<usize>(BLOCK + BLOCK * runs + sourceChannels + channels + 8) << 2) + patches + 16;
}

/** Slides a window over its source and multiplies what it sees with the panels of a filter. */
export function convolve(w: Window, c: Product): void {
  const gathers = c.gathers != 0;
  const length = gathers ? w.taps * w.channels : w.channels;
  const runs = gathers ? 1 : w.taps;
  const pixel = changetype<Pixel>(c.scratch);
  const corner = c.scratch + 16;
  const targets = corner + CORNER;
  const table = targets + (<usize>BLOCK << 2);
  const zeros = table + (<usize>(BLOCK * runs) << 2);
  const nowhere = zeros + (<usize>w.channels << 2);
  const patches = nowhere + (<usize>(c.channels + 8) << 2);
  memory.fill(zeros, 0, <usize>w.channels << 2);
  startAt(pixel, w, c.first);
  for (let p = c.first; p < c.last; p += BLOCK) {
    const count = min(BLOCK, c.last - p);
    tabulate(w, c, pixel, count, targets, table, zeros, nowhere, gathers ? patches : 0);
    let run = 0;
    do {
      const some = min(c.run, runs - run);
      const finish = run + some >= runs ? c.finish : 0;
      panels(c, some, length, run, runs, count, targets, table, finish, corner);
      run += some;
    } while (run < runs);
  }
}

/** All panels over the pixels of a block: `some` runs from run `run` on. */
export function panels(
  c: Product,
  some: i32,
  length: i32,
  run: i32,
  runs: i32,
  count: i32,
  targets: usize,
  table: usize,
  finish: usize,
  corner: usize,
): void {
  const step = c.valueBytes;
  const add = run > 0;
  const tileBytes = <usize>runs << 4;
  let panel = c.panels + <usize>(run * length) * step;
  for (let channel = c.from; channel < c.end; channel += 8) {
    const columns = min(8, c.channels - channel);
    const at = <usize>channel << 2;
    let rows = table + (<usize>run << 4);
    let target = targets;
    for (let i = 0; i < count; i += 4) {
      if (columns == 8) tile<f32>(some, length, rows, panel, step, target, at, add, finish);
      else cornerTile<f32>(some, length, rows, panel, step, target, at, add, finish, columns, corner);
      rows += tileBytes;
      target += 16;
    }
    panel += c.panelBytes;
    if (finish) finish += FINISH;
  }
}

/** Tables of a block: for each pixel where it goes, and for each four pixels and tap what they see. */
function tabulate(
  w: Window,
  c: Product,
  pixel: Pixel,
  count: i32,
  targets: usize,
  table: usize,
  zeros: usize,
  nowhere: usize,
  patches: usize,
): void {
  const runs = patches ? 1 : w.taps;
  const patchBytes = <usize>(w.taps * w.channels) << 2;
  for (let i = 0; i < count; i++) {
    const to = c.target + <usize>pixel.image * c.imageBytes + <usize>pixel.row * c.rowBytes + <usize>pixel.column * c.columnBytes;
    store<u32>(targets + (<usize>i << 2), <u32>to);
    const rows = table + (<usize>((i >> 2) * runs * 4 + (i & 3)) << 2);
    if (patches) {
      const patch = patches + <usize>i * patchBytes;
      gatherPatch(w, pixel, patch);
      store<u32>(rows, <u32>patch);
    } else {
      addresses(w, pixel, rows, 16, zeros);
    }
    advance(pixel, w);
  }
  // What is missing of the last four sees the same as the last one, and goes nowhere.
  for (let i = count; i & 3; i++) {
    store<u32>(targets + (<usize>i << 2), <u32>nowhere);
    const rows = table + (<usize>((i >> 2) * runs * 4 + (i & 3)) << 2);
    for (let t: usize = 0; t < <usize>runs; t++) store<u32>(rows + (t << 4), load<u32>(rows + (t << 4) - 4));
  }
}
