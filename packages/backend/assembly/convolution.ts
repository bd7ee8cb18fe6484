import { Product, convolve, convolveScratch } from './convolve';
import { packColumns, packRows } from './pack';
import { roundUp, share } from './share';
import { FINISH } from './tile';
import { Window } from './window';

/** How the filter of a convolution lies in memory. */
const BY_SOURCE: i32 = 0;
const BY_TARGET: i32 = 1;
const IN_PLACE: i32 = 2;
/** Bytes of a `Product`. */
const PRODUCT: usize = 64;

/** What a convolution computes and where to; 32-bit words, written by src/simd/convolve.ts. */
@unmanaged
export class Convolution {
  /** The first pixel of the grid, first channel; bytes to the next pixel, the next row, and the next image. */
  target: usize;
  columnBytes: usize;
  rowBytes: usize;
  imageBytes: usize;
  channels: i32;
  filter: usize;
  /** `[taps · channels of the source, channels]`; `[taps][channels, channels of the source]`; the first, not packed. */
  layout: i32;
  /** For the second: the places of the taps in the order of the window's. */
  order: usize;
  /** `FINISH` bytes for each 8 channels, or 0. */
  finish: usize;
  /** Taps that are summed at a time. */
  run: i32;
  /** Whether each pixel's taps are copied side by side first: for few channels. */
  gathers: i32;
  /** Parts of the channels, and of the pixels, that are computed by themselves. */
  groups: i32;
  shares: i32;
}

/** Bytes of scratch that each thread needs. */
export function convolutionScratch(taps: i32, sourceChannels: i32, channels: i32, gathers: bool, groups: i32): usize {
  const most = (roundUp(channels, 8) / 8 + groups - 1) / groups;
  const packed = <usize>(most * taps * sourceChannels) << 5;
  return PRODUCT + packed + convolveScratch(taps, sourceChannels, channels, gathers);
}

/** Packs the filter for a group of channels and slides the window over a share of the pixels. */
export function convolvePart(w: Window, c: Convolution, part: i32, scratch: usize): void {
  const group = part / c.shares;
  const pixels = w.batch * w.rows * w.columns;
  const from = share(c.channels, 8, group, c.groups);
  const end = share(c.channels, 8, group + 1, c.groups);
  const product = changetype<Product>(scratch);
  const k = w.taps * w.channels;
  const panels = scratch + PRODUCT;
  product.panels = panels;
  product.panelBytes = <usize>k << 5;
  product.valueBytes = 32;
  product.scratch = panels;
  if (c.layout == IN_PLACE) {
    product.panels = c.filter + (<usize>from << 2);
    product.panelBytes = 32;
    product.valueBytes = <usize>c.channels << 2;
  } else {
    if (c.layout == BY_TARGET) packRows(c.filter, panels, w.taps, c.order, c.channels, w.channels, from, end);
    else packColumns(c.filter, panels, k, c.channels, from, end);
    product.scratch = panels + (<usize>(roundUp(end - from, 8) * k) << 2);
  }
  product.target = c.target;
  product.columnBytes = c.columnBytes;
  product.rowBytes = c.rowBytes;
  product.imageBytes = c.imageBytes;
  product.channels = c.channels;
  product.from = from;
  product.end = end;
  product.finish = c.finish ? c.finish + <usize>(from >> 3) * FINISH : 0;
  product.run = c.run;
  product.gathers = c.gathers;
  product.first = share(pixels, 4, part % c.shares, c.shares);
  product.last = share(pixels, 4, part % c.shares + 1, c.shares);
  convolve(w, product);
}
