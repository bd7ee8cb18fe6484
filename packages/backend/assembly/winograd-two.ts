// Transforms of Winograd's F(2×2, 3×3): 16 products for each four outputs of a channel instead of 36. Lavin & Gray, Fast
// algorithms for convolutional neural networks, CVPR 2016, section 4.1. Planes lie row by row of the 4×4.
import { Tile } from './winograd-tile';

/** Bᵀ d B of 4×4 pixels, bytes `from` up to `end` of the channels: 16 planes, four channels each `next` bytes. */
export function inputTwo(tile: Tile, from: usize, end: usize, target: usize, next: usize, plane: usize): void {
  const middle = tile.intermediate;
  for (let c = from; c < end; c += 16) {
    for (let j: i32 = 0; j < 4; j++) {
      const d0 = tile.load(0, j, c);
      const d1 = tile.load(1, j, c);
      const d2 = tile.load(2, j, c);
      const d3 = tile.load(3, j, c);
      const to = middle + (<usize>j << 4);
      v128.store(to, f32x4.sub(d0, d2));
      v128.store(to, f32x4.add(d1, d2), 64);
      v128.store(to, f32x4.sub(d2, d1), 128);
      v128.store(to, f32x4.sub(d1, d3), 192);
    }
    let to = target;
    for (let i: usize = 0; i < 256; i += 64) {
      const d0 = v128.load(middle + i);
      const d1 = v128.load(middle + i, 16);
      const d2 = v128.load(middle + i, 32);
      const d3 = v128.load(middle + i, 48);
      v128.store(to, f32x4.sub(d0, d2));
      v128.store(to + plane, f32x4.add(d1, d2));
      v128.store(to + 2 * plane, f32x4.sub(d2, d1));
      v128.store(to + 3 * plane, f32x4.sub(d1, d3));
      to += 4 * plane;
    }
    target += next;
  }
}

/** Aᵀ m A: four channels of 2×2 outputs, to `to`, from the planes of products. */
export function outputTwo(tile: Tile, sums: usize, plane: usize, to: usize, bias: v128, low: v128, high: v128): void {
  const middle = tile.intermediate;
  for (let j: usize = 0; j < 64; j += 16) {
    const m1 = v128.load(sums + 4 * plane);
    const m2 = v128.load(sums + 8 * plane);
    v128.store(middle + j, f32x4.add(f32x4.add(v128.load(sums), m1), m2));
    v128.store(middle + j, f32x4.sub(f32x4.sub(m1, m2), v128.load(sums + 12 * plane)), 64);
    sums += plane;
  }
  for (let i: i32 = 0; i < tile.below; i++) {
    const s = middle + (<usize>i << 6);
    const s1 = v128.load(s, 16);
    const s2 = v128.load(s, 32);
    const one = f32x4.add(f32x4.add(f32x4.add(v128.load(s), s1), s2), bias);
    v128.store(to, f32x4.min(f32x4.max(one, low), high));
    if (tile.right > 1) {
      const two = f32x4.add(f32x4.sub(f32x4.sub(s1, s2), v128.load(s, 48)), bias);
      v128.store(to + tile.columnBytes, f32x4.min(f32x4.max(two, low), high));
    }
    to += tile.rowBytes;
  }
}

/** G g Gᵀ of four filters' 3×3 values, `tap` bytes apart. */
export function filterTwo(w: usize, tap: usize, to: usize, plane: usize): void {
  const half = f32x4.splat(0.5);
  const g00 = v128.load(w);
  const g01 = v128.load(w + tap);
  const g02 = v128.load(w + 2 * tap);
  w += 3 * tap;
  const g10 = v128.load(w);
  const g11 = v128.load(w + tap);
  const g12 = v128.load(w + 2 * tap);
  w += 3 * tap;
  const g20 = v128.load(w);
  const g21 = v128.load(w + tap);
  const g22 = v128.load(w + 2 * tap);
  filterRow(to, plane, g00, g01, g02, half);
  const e0 = f32x4.add(g00, g20);
  const e1 = f32x4.add(g01, g21);
  const e2 = f32x4.add(g02, g22);
  filterRow(
    to + 4 * plane,
    plane,
    f32x4.mul(half, f32x4.add(e0, g10)),
    f32x4.mul(half, f32x4.add(e1, g11)),
    f32x4.mul(half, f32x4.add(e2, g12)),
    half,
  );
  filterRow(
    to + 8 * plane,
    plane,
    f32x4.mul(half, f32x4.sub(e0, g10)),
    f32x4.mul(half, f32x4.sub(e1, g11)),
    f32x4.mul(half, f32x4.sub(e2, g12)),
    half,
  );
  filterRow(to + 12 * plane, plane, g20, g21, g22, half);
}

@inline
function filterRow(to: usize, plane: usize, r0: v128, r1: v128, r2: v128, half: v128): void {
  const ends = f32x4.add(r0, r2);
  v128.store(to, r0);
  v128.store(to + plane, f32x4.mul(half, f32x4.add(ends, r1)));
  v128.store(to + 2 * plane, f32x4.mul(half, f32x4.sub(ends, r1)));
  v128.store(to + 3 * plane, r2);
}

/** A dy Aᵀ of four channels of 2×2 outputs, zeros for those outside: 16 planes. */
export function gradientTwo(tile: Tile, from: usize, to: usize, plane: usize): void {
  const middle = tile.intermediate;
  const zero = f32x4.splat(0);
  for (let j: i32 = 0; j < 2; j++) {
    let y0 = zero;
    let y1 = zero;
    if (j < tile.right) {
      y0 = v128.load(from);
      if (tile.below > 1) y1 = v128.load(from + tile.rowBytes);
    }
    const at = middle + (<usize>j << 4);
    v128.store(at, y0);
    v128.store(at, f32x4.add(y0, y1), 32);
    v128.store(at, f32x4.sub(y0, y1), 64);
    v128.store(at, f32x4.neg(y1), 96);
    from += tile.columnBytes;
  }
  for (let i: usize = 0; i < 128; i += 32) {
    const s0 = v128.load(middle + i);
    const s1 = v128.load(middle + i, 16);
    v128.store(to, s0);
    v128.store(to + plane, f32x4.add(s0, s1));
    v128.store(to + 2 * plane, f32x4.sub(s0, s1));
    v128.store(to + 3 * plane, f32x4.neg(s1));
    to += 4 * plane;
  }
}

/** Gᵀ m G of the planes of sums: the nine taps of four filters, `tap` bytes apart. */
export function sumsTwo(sums: usize, plane: usize, to: usize, tap: usize): void {
  const half = f32x4.splat(0.5);
  for (let row = 0; row < 3; row++) {
    const m0 = column(sums, plane, row, half);
    const m1 = column(sums + plane, plane, row, half);
    const m2 = column(sums + 2 * plane, plane, row, half);
    const m3 = column(sums + 3 * plane, plane, row, half);
    const both = f32x4.mul(half, f32x4.add(m1, m2));
    v128.store(to, f32x4.add(m0, both));
    v128.store(to + tap, f32x4.mul(half, f32x4.sub(m1, m2)));
    v128.store(to + 2 * tap, f32x4.add(both, m3));
    to += 3 * tap;
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
