// Convolutions of 3×3 taps without stride by Winograd's minimal filtering. Lavin & Gray, Fast algorithms for
// convolutional neural networks, CVPR 2016.
import { Product, panels } from './convolve';
import { roundUp, share } from './share';
import { CORNER } from './tile';
import { filterFour, inputFour, outputFour } from './winograd-four';
import { INTERMEDIATE, TILE, Tile, Winograd, planeBytes, planesOf, tileCount } from './winograd-tile';
import { filterTwo, inputTwo, outputTwo } from './winograd-two';

/** Tiles that are transformed at a time: their products stay in the second cache. */
const TILES: i32 = 32;
/** Bytes of a `Product`. */
const PRODUCT: usize = 64;

/** Bytes of transformed filters: planes `[outputs / 8][channels][8]`. */
export function winogradFilters(channels: i32, outputs: i32, size: i32): usize {
  return planesOf(size) * planeBytes(channels, outputs);
}

/** Bytes of scratch that each thread needs. */
export function winogradScratch(channels: i32, outputs: i32, size: i32, groups: i32): usize {
  const most = (roundUp(outputs, 8) / 8 + groups - 1) / groups;
  const planes = planesOf(size) * (planeBytes(channels, TILES) + planeBytes(8 * most, TILES));
  return TILE + PRODUCT + INTERMEDIATE + CORNER + (<usize>(2 * TILES + channels) << 2) + planes;
}

/** G g Gᵀ of the filters `[9, channels, outputs]`, a part of the outputs `w.from` up to `w.end` (multiples of 8). */
export function transformFiltersPart(w: Winograd, filter: usize, part: i32, parts: i32, scratch: usize): void {
  const tile = changetype<Tile>(scratch);
  tile.intermediate = scratch + TILE;
  const tap = <usize>(w.channels * w.outputs) << 2;
  const plane = planeBytes(w.channels, w.end - w.from);
  const first = share(w.end - w.from, 8, part, parts);
  const last = share(w.end - w.from, 8, part + 1, parts);
  let target = w.filters + (<usize>(first * w.channels) << 2);
  for (let o = first; o < last; o += 8) {
    for (let c = 0; c < w.channels; c++) {
      const from = filter + (<usize>(c * w.outputs + w.from + o) << 2);
      if (w.size == 2) {
        filterTwo(from, tap, target, plane);
        filterTwo(from + 16, tap, target + 16, plane);
      } else {
        filterFour(tile, from, tap, target, plane);
        filterFour(tile, from + 16, tap, target + 16, plane);
      }
      target += 32;
    }
  }
}

/** A part of `[9, channels, outputs]` turned round: `[9, outputs, channels]`, the last tap first. */
export function flipFilterPart(filter: usize, target: usize, channels: i32, outputs: i32, part: i32, parts: i32): void {
  const size = channels * outputs;
  const first = share(outputs, 4, part, parts);
  const last = share(outputs, 4, part + 1, parts);
  for (let t = 8; t >= 0; t--) {
    const source = filter + (<usize>(t * size) << 2);
    for (let o = first; o < last; o += 4) {
      for (let c = 0; c < channels; c += 4) {
        transposeBlock(
          source + (<usize>(c * outputs + o) << 2),
          <usize>outputs << 2,
          target + (<usize>(o * channels + c) << 2),
          <usize>channels << 2,
        );
      }
    }
    target += <usize>size << 2;
  }
}

@inline
function transposeBlock(source: usize, row: usize, target: usize, targetRow: usize): void {
  const r0 = v128.load(source);
  const r1 = v128.load(source + row);
  const r2 = v128.load(source + 2 * row);
  const r3 = v128.load(source + 3 * row);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(target + targetRow, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(target + 2 * targetRow, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(target + 3 * targetRow, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/** A part of the convolution; channels and outputs are multiples of 8. */
export function winogradPart(w: Winograd, part: i32, scratch: usize): void {
  const group = part / w.shares;
  const from = share(w.end - w.from, 8, group, w.groups);
  const outputs = share(w.end - w.from, 8, group + 1, w.groups) - from;
  const tile = changetype<Tile>(scratch);
  const product = changetype<Product>(scratch + TILE);
  const corner = scratch + TILE + PRODUCT + INTERMEDIATE;
  const table = corner + CORNER;
  const targets = table + (<usize>TILES << 2);
  const zeros = targets + (<usize>TILES << 2);
  const seen = zeros + (<usize>w.channels << 2);
  const seenPlane = planeBytes(w.channels, TILES);
  const planes = planesOf(w.size);
  const sums = seen + planes * seenPlane;
  const sumPlane = planeBytes(outputs, TILES);
  const bytes = <usize>w.channels << 2;
  memory.fill(zeros, 0, bytes);
  tile.intermediate = scratch + TILE + PRODUCT;
  tile.zeros = zeros;
  product.channels = outputs;
  product.from = 0;
  product.end = outputs;
  product.panelBytes = bytes << 3;
  product.valueBytes = 32;
  const tiles = tileCount(w);
  const last = share(tiles, 4, part % w.shares + 1, w.shares);
  for (let first = share(tiles, 4, part % w.shares, w.shares); first < last; first += TILES) {
    const count = min(TILES, last - first);
    for (let i = 0; i < count; i++) {
      tile.place(w, first + i);
      const to = seen + <usize>i * bytes;
      if (w.size == 2) inputTwo(tile, 0, bytes, to, 16, seenPlane);
      else inputFour(tile, 0, bytes, to, 16, seenPlane);
    }
    const whole = (count + 3) & ~3;
    for (let plane: usize = 0; plane < planes; plane++) {
      for (let i = 0; i < whole; i++) {
        // What is missing of the last four is what the last one is, and goes where nobody looks.
        store<u32>(table + (<usize>i << 2), <u32>(seen + plane * seenPlane + <usize>min(i, count - 1) * bytes));
        store<u32>(targets + (<usize>i << 2), <u32>(sums + plane * sumPlane + (<usize>(i * outputs) << 2)));
      }
      product.panels = w.filters + plane * planeBytes(w.channels, w.end - w.from) + <usize>from * bytes;
      panels(product, 1, w.channels, 0, 1, count, targets, table, 0, corner);
    }
    for (let i = 0; i < count; i++) {
      tile.place(w, first + i);
      writeOutputs(w, tile, w.from + from, outputs, sums + (<usize>(i * outputs) << 2), sumPlane);
    }
  }
}

/** The outputs of a tile, from channel `from` on. */
function writeOutputs(w: Winograd, tile: Tile, from: i32, outputs: i32, sums: usize, plane: usize): void {
  // At the end of an uneven phase.
  if (tile.below <= 0 || tile.right <= 0) return;
  const low = v128.load(w.bounds);
  const high = v128.load(w.bounds, 16);
  const start = <usize>from << 2;
  const end = start + (<usize>outputs << 2);
  let bias: v128 = f32x4.splat(0);
  for (let c = start; c < end; c += 16) {
    if (w.bias) bias = v128.load(w.bias + c);
    if (w.size == 2) outputTwo(tile, sums, plane, tile.target + c, bias, low, high);
    else outputFour(tile, sums, plane, tile.target + c, bias, low, high);
    sums += 16;
  }
}
