// The gradient of the filters of a convolution of 3×3 taps by the transpose of Winograd's F(2×2, 3×3): with g the
// filters, d the inputs and y the outputs of a tile, y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A gives
// dg = Gᵀ [(A dy Aᵀ) ⊙ (Bᵀ d B)] G, and the sum over tiles can be taken before Gᵀ.
import { APART, FilterGradient, multiply } from './filter-gradient';
import { CORNER } from './tile';
import { Winograd, transformInput } from './winograd';

/** Tiles of 2×2 outputs that are transformed at a time. */
const TILES: i32 = 64;
const INTERMEDIATE: usize = 256;
/** Bytes of a `FilterGradient`, and two tables of four addresses. */
const TABLES: usize = 64;

@inline
function sumBytes(channels: i32, outputs: i32): usize {
  return (<usize>(channels * outputs) << 2) + APART;
}

/** Bytes of a plane of `TILES` tiles: panels of `width` channels. */
@inline
function tileBytes(channels: i32, width: i32): usize {
  return <usize>(channels / width) * ((<usize>(TILES * width) << 2) + APART) + APART;
}

/** Bytes of scratch that {@link winogradGradient} needs. */
export function winogradGradientScratch(channels: i32, outputs: i32): usize {
  const tiles = tileBytes(channels, 4) + tileBytes(outputs, 8);
  return TABLES + INTERMEDIATE + CORNER + (<usize>channels << 2) + 16 * (sumBytes(channels, outputs) + tiles) + (<usize>outputs << 2);
}

/**
 * The gradient of filters `[9, channels, outputs]`, multiples of 8.
 *
 * @param w `source` is x, `target` is dy; its filters, bias and bounds are not used.
 */
export function winogradGradient(w: Winograd, gradient: usize): void {
  const product = changetype<FilterGradient>(w.scratch);
  const rows = w.scratch + 32;
  const targets = rows + 16;
  const intermediate = w.scratch + TABLES;
  const corner = intermediate + INTERMEDIATE;
  const zeros = corner + CORNER;
  const nowhere = zeros + (<usize>w.channels << 2);
  const sums = nowhere + (<usize>w.outputs << 2);
  const sumPlane = sumBytes(w.channels, w.outputs);
  const left = sums + 16 * sumPlane;
  const leftPlane = tileBytes(w.channels, 4);
  const right = left + 16 * leftPlane;
  const rightPlane = tileBytes(w.outputs, 8);
  memory.fill(zeros, 0, <usize>w.channels << 2);
  product.channels = w.outputs;
  const across = (w.columns + 1) >> 1;
  const down = (w.rows + 1) >> 1;
  const tiles = w.batch * down * across;
  for (let first = 0; first < tiles; first += TILES) {
    const count = min(TILES, tiles - first);
    const next = (<usize>count << 4) + APART;
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      const row = 2 * ((tile / across) % down);
      const column = 2 * (tile % across);
      const image = tile / (across * down);
      transformInput(w, image, row - w.top, column - w.left, zeros, intermediate, left + (<usize>i << 4), next, leftPlane);
      transformGradient(w, image, row, column, intermediate, right + (<usize>i << 5), <usize>count << 5, rightPlane);
    }
    for (let plane: usize = 0; plane < 16; plane++) {
      multiply(
        product,
        count,
        w.channels,
        left + plane * leftPlane,
        right + plane * rightPlane,
        sums + plane * sumPlane,
        first > 0,
        rows,
        targets,
        nowhere,
        corner,
      );
    }
  }
  transformSums(sums, sumPlane, gradient, <usize>(w.channels * w.outputs) << 2);
}

/** A dy Aᵀ of the 2×2 outputs at (y, x), zeros for those outside: 16 planes, eight outputs each `next` bytes. */
function transformGradient(w: Winograd, image: i32, y: i32, x: i32, intermediate: usize, target: usize, next: usize, plane: usize): void {
  const pixel = <usize>w.outputs << 2;
  const line = <usize>w.columns * pixel;
  const right = x + 1 < w.columns;
  const below = y + 1 < w.rows;
  const zero = f32x4.splat(0);
  const from = w.target + <usize>((image * w.rows + y) * w.columns + x) * pixel;
  for (let c: usize = 0; c < pixel; c += 16) {
    for (let j: usize = 0; j < 2; j++) {
      const at = from + j * pixel + c;
      let y0 = zero;
      let y1 = zero;
      if (j == 0 || right) {
        y0 = v128.load(at);
        if (below) y1 = v128.load(at + line);
      }
      const to = intermediate + (j << 4);
      v128.store(to, y0);
      v128.store(to, f32x4.add(y0, y1), 32);
      v128.store(to, f32x4.sub(y0, y1), 64);
      v128.store(to, f32x4.neg(y1), 96);
    }
    let to = target + (c >> 5) * next + (c & 16);
    for (let i: usize = 0; i < 128; i += 32) {
      const s0 = v128.load(intermediate + i);
      const s1 = v128.load(intermediate + i, 16);
      v128.store(to, s0);
      v128.store(to + plane, f32x4.add(s0, s1));
      v128.store(to + 2 * plane, f32x4.sub(s0, s1));
      v128.store(to + 3 * plane, f32x4.neg(s1));
      to += 4 * plane;
    }
  }
}

/** Gᵀ m G of the planes of sums: the nine taps. */
function transformSums(sums: usize, plane: usize, gradient: usize, bytes: usize): void {
  const half = f32x4.splat(0.5);
  for (let i: usize = 0; i < bytes; i += 16) {
    // The columns of Gᵀ m, one after the other: four of each of three rows.
    let from = sums + i;
    let to = gradient + i;
    for (let row = 0; row < 3; row++) {
      const m0 = column(from, plane, row, half);
      const m1 = column(from + plane, plane, row, half);
      const m2 = column(from + 2 * plane, plane, row, half);
      const m3 = column(from + 3 * plane, plane, row, half);
      const both = f32x4.mul(half, f32x4.add(m1, m2));
      v128.store(to, f32x4.add(m0, both));
      v128.store(to + bytes, f32x4.mul(half, f32x4.sub(m1, m2)));
      v128.store(to + 2 * bytes, f32x4.add(both, m3));
      to += 3 * bytes;
    }
  }
}

/** Row `row` of Gᵀ times a column of sums, whose values lie four planes apart. */
@inline
function column(from: usize, plane: usize, row: i32, half: v128): v128 {
  const m1 = v128.load(from + 4 * plane);
  const m2 = v128.load(from + 8 * plane);
  if (row == 0) return f32x4.add(v128.load(from), f32x4.mul(half, f32x4.add(m1, m2)));
  if (row == 1) return f32x4.mul(half, f32x4.sub(m1, m2));
  return f32x4.add(f32x4.mul(half, f32x4.add(m1, m2)), v128.load(from + 12 * plane));
}
