// The gradient of the filters of a convolution of 3×3 taps by the transpose of Winograd's algorithm: with g the filters,
// d the inputs and y the outputs of a tile, y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A gives dg = Gᵀ [(A dy Aᵀ) ⊙ (Bᵀ d B)] G, and
// the sum over tiles can be taken before Gᵀ.
import { APART, multiply } from './filter-gradient';
import { share } from './share';
import { CORNER } from './tile';
import { gradientFour, inputFour, sumsFour } from './winograd-four';
import { INTERMEDIATE, TILE, Tile, Winograd, planeBytes, planesOf, tileCount } from './winograd-tile';
import { gradientTwo, inputTwo, sumsTwo } from './winograd-two';

/** Tiles that are transformed at a time. */
const TILES: i32 = 64;
/** Bytes of two tables of four addresses. */
const TABLES: usize = 32;

/** Bytes of a plane of `TILES` tiles: panels of `width` channels. */
@inline
function tileBytes(channels: i32, width: i32): usize {
  return <usize>(channels / width) * ((<usize>(TILES * width) << 2) + APART) + APART;
}

/** Bytes of scratch that each thread needs. */
export function winogradGradientScratch(channels: i32, outputs: i32, size: i32, shares: i32, groups: i32): usize {
  const rows = ((channels + 7) / 8 + shares - 1) / shares * 8;
  const columns = ((outputs + 7) / 8 + groups - 1) / groups * 8;
  const planes = planesOf(size) * (planeBytes(rows, columns) + tileBytes(rows, 4) + tileBytes(columns, 8));
  return TILE + TABLES + INTERMEDIATE + CORNER + (<usize>(channels + columns) << 2) + planes;
}

/**
 * A part of the gradient of filters `[9, channels, outputs]`, multiples of 8: some channels, and some outputs.
 *
 * @param w `source` is x, `target` is dy; its filters, bias and bounds are not used.
 */
export function winogradGradientPart(w: Winograd, gradient: usize, part: i32, scratch: usize): void {
  const first = share(w.channels, 8, part / w.groups, w.shares);
  const channels = share(w.channels, 8, part / w.groups + 1, w.shares) - first;
  const from = share(w.outputs, 8, part % w.groups, w.groups);
  const outputs = share(w.outputs, 8, part % w.groups + 1, w.groups) - from;
  const tile = changetype<Tile>(scratch);
  const tables = scratch + TILE;
  const corner = tables + TABLES + INTERMEDIATE;
  const zeros = corner + CORNER;
  const nowhere = zeros + (<usize>w.channels << 2);
  const sums = nowhere + (<usize>outputs << 2);
  const sumPlane = planeBytes(channels, outputs);
  const planes = planesOf(w.size);
  const left = sums + planes * sumPlane;
  const leftPlane = tileBytes(channels, 4);
  const right = left + planes * leftPlane;
  const rightPlane = tileBytes(outputs, 8);
  const start = <usize>first << 2;
  const end = start + (<usize>channels << 2);
  memory.fill(zeros, 0, <usize>w.channels << 2);
  tile.intermediate = tables + TABLES;
  tile.zeros = zeros;
  const tiles = tileCount(w);
  for (let t = 0; t < tiles; t += TILES) {
    const count = min(TILES, tiles - t);
    const next = (<usize>count << 4) + APART;
    for (let i = 0; i < count; i++) {
      tile.place(w, t + i);
      const to = left + (<usize>i << 4);
      if (w.size == 2) inputTwo(tile, start, end, to, next, leftPlane);
      else inputFour(tile, start, end, to, next, leftPlane);
      readOutputs(w, tile, from, outputs, right + (<usize>i << 5), <usize>count << 5, rightPlane);
    }
    for (let plane: usize = 0; plane < planes; plane++) {
      const a = left + plane * leftPlane;
      const b = right + plane * rightPlane;
      multiply(outputs, 0, outputs, count, channels, a, b, sums + plane * sumPlane, t > 0, tables, nowhere, corner);
    }
  }
  const tap = <usize>(w.channels * w.outputs) << 2;
  for (let c = 0; c < channels; c++) {
    let to = gradient + (<usize>((first + c) * w.outputs + from) << 2);
    let at = sums + (<usize>(c * outputs) << 2);
    for (let o = 0; o < outputs; o += 4) {
      if (w.size == 2) sumsTwo(at, sumPlane, to, tap);
      else sumsFour(tile, at, sumPlane, to, tap);
      at += 16;
      to += 16;
    }
  }
}

/** The transformed dy of a tile, `outputs` from `from` on: planes, eight outputs each `next` bytes. */
function readOutputs(w: Winograd, tile: Tile, from: i32, outputs: i32, target: usize, next: usize, plane: usize): void {
  // At the end of an uneven phase nothing is there.
  if (tile.below <= 0 || tile.right <= 0) tile.right = 0;
  for (let o = 0; o < outputs; o += 4) {
    const to = target + <usize>(o >> 3) * next + <usize>((o & 4) << 2);
    const at = tile.target + (<usize>(from + o) << 2);
    if (w.size == 2) gradientTwo(tile, at, to, plane);
    else gradientFour(tile, at, to, plane);
  }
}
