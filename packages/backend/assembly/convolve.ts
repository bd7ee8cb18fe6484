import { FINISH, cornerTile, tile } from './tile';
import { Pixel, Window, addresses, advance, gatherPatch, startAt } from './window';

/** Pixels whose table of addresses is made at a time: their rows stay in the cache while all panels pass over them. */
export const BLOCK: i32 = 96;

/** What a convolution writes; 32-bit words, written by src/simd/convolve.ts. */
@unmanaged
export class Target {
  /** The first pixel of the grid, first channel. */
  values: usize;
  channels: i32;
  /** Bytes from one pixel of the grid to the next, one row to the next, and one image to the next. */
  columnBytes: usize;
  rowBytes: usize;
  imageBytes: usize;
  /** The panels that are computed: channels `from` up to `end`. */
  from: i32;
  end: i32;
  /** Panels of the filter, `[(end − from) / 8][taps · channels of the source]`; bytes between panels, and values. */
  panels: usize;
  panelBytes: usize;
  valueBytes: usize;
  /** `FINISH` bytes for each panel, or 0. */
  finish: usize;
  /** Taps in a run, so that a panel's part stays in the cache. */
  run: i32;
  /** Pixels of the grid: `first` up to `last`. */
  first: i32;
  last: i32;
  /** Whether to copy each pixel's taps side by side: for few channels. */
  gathers: i32;
  scratch: usize;
}

/** Bytes of scratch that {@link convolve} needs. */
export function convolveScratch(taps: i32, channels: i32, gathers: bool): usize {
  const pixels = <usize>BLOCK;
  const corner: usize = 128 + 16;
  const targets = pixels << 2;
  const table = (pixels << 2) * (gathers ? 1 : taps);
  const zeros: usize = <usize>channels << 2;
  const patches = gathers ? (pixels * taps * channels) << 2 : 0;
  return corner + targets + table + zeros + patches + 64;
}

/** Slides a window over its source and multiplies what it sees with the panels of a filter. */
export function convolve(w: Window, t: Target): void {
  const pixel = changetype<Pixel>(t.scratch);
  const corner = t.scratch + 16;
  const targets = corner + 128;
  const zeros = targets + (BLOCK << 2);
  const gathers = t.gathers != 0;
  const length = gathers ? w.taps * w.channels : w.channels;
  const runs = gathers ? 1 : w.taps;
  const table = zeros + (<usize>w.channels << 2);
  const patches = table + (<usize>(BLOCK * runs) << 2);
  memory.fill(zeros, 0, <usize>w.channels << 2);
  startAt(pixel, w, t.first);
  const run = gathers ? 1 : max(1, t.run);
  for (let p = t.first; p < t.last; p += BLOCK) {
    const count = min(BLOCK, t.last - p);
    const even = fillTables(w, t, pixel, count, targets, table, zeros, gathers ? patches : 0);
    let r = 0;
    do {
      const some = min(run, runs - r);
      const last = r + some >= runs;
      let panel = t.panels + <usize>(r * length) * t.valueBytes;
      let finish = t.finish;
      for (let c = t.from; c < t.end; c += 8) {
        const columns = min(8, t.channels - c);
        for (let i = 0; i < count; i += 4) {
          const rows = <usize>(table + (<usize>(i * runs + r * 4) << 2));
          const target = <usize>load<u32>(targets + (<usize>i << 2)) + (<usize>c << 2);
          const whole = columns == 8 && i + 4 <= count;
          if (whole && load<u8>(even + (i >> 2))) {
            tile<f32>(some, length, rows, panel, t.valueBytes, target, t.columnBytes, r > 0, last ? finish : 0);
          } else {
            scattered(t, some, length, rows, panel, targets + (<usize>i << 2), min(4, count - i), c, columns, r > 0, last ? finish : 0, corner);
          }
        }
        panel += t.panelBytes;
        if (finish) finish += FINISH;
      }
      r += some;
    } while (r < runs);
  }
}
