// Transforms of Winograd's F(4×4, 3×3): 36 products for each 16 outputs of a channel instead of 144. Lavin & Gray, Fast
// algorithms for convolutional neural networks, CVPR 2016, section 4.3. Planes lie row by row of the 6×6.
import { Tile } from './winograd-tile';

/** Bytes of a row of the intermediate. */
const ROW: usize = 96;

/** Bᵀ d B of 6×6 pixels, bytes `from` up to `end` of the channels: 36 planes, four channels each `next` bytes. */
export function inputFour(tile: Tile, from: usize, end: usize, target: usize, next: usize, plane: usize): void {
  const middle = tile.intermediate;
  for (let c = from; c < end; c += 16) {
    for (let j: i32 = 0; j < 6; j++) {
      const d0 = tile.load(0, j, c);
      const d1 = tile.load(1, j, c);
      const d2 = tile.load(2, j, c);
      const d3 = tile.load(3, j, c);
      const d4 = tile.load(4, j, c);
      const d5 = tile.load(5, j, c);
      six(middle + (<usize>j << 4), ROW, d0, d1, d2, d3, d4, d5);
    }
    let to = target;
    for (let i: usize = 0; i < 6 * ROW; i += ROW) {
      const s = middle + i;
      six(to, plane, v128.load(s), v128.load(s, 16), v128.load(s, 32), v128.load(s, 48), v128.load(s, 64), v128.load(s, 80));
      to += 6 * plane;
    }
    target += next;
  }
}

/** Bᵀ times six values. */
@inline
function six(to: usize, step: usize, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128): void {
  const four = f32x4.splat(4);
  const five = f32x4.splat(5);
  const two = f32x4.splat(2);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(four, d0), f32x4.mul(five, d2)), d4));
  const even = f32x4.sub(d4, f32x4.mul(four, d2));
  const odd = f32x4.sub(d3, f32x4.mul(four, d1));
  v128.store(to + step, f32x4.add(even, odd));
  v128.store(to + 2 * step, f32x4.sub(even, odd));
  const near = f32x4.sub(d4, d2);
  const far = f32x4.mul(two, f32x4.sub(d3, d1));
  v128.store(to + 3 * step, f32x4.add(near, far));
  v128.store(to + 4 * step, f32x4.sub(near, far));
  v128.store(to + 5 * step, f32x4.add(f32x4.sub(f32x4.mul(four, d1), f32x4.mul(five, d3)), d5));
}

/** Aᵀ m A: four channels of 4×4 outputs, to `to`, from the planes of products. */
export function outputFour(tile: Tile, sums: usize, plane: usize, to: usize, bias: v128, low: v128, high: v128): void {
  const middle = tile.intermediate;
  const row: usize = 6 * plane;
  for (let j: usize = 0; j < ROW; j += 16) {
    fromSix(middle + j, ROW, v128.load(sums), v128.load(sums + row), v128.load(sums + 2 * row), v128.load(sums + 3 * row), v128.load(sums + 4 * row), v128.load(sums + 5 * row));
    sums += plane;
  }
  for (let i: i32 = 0; i < tile.below; i++) {
    const s = middle + <usize>i * ROW;
    // In place: what was read is needed no more.
    fromSix(s, 16, v128.load(s), v128.load(s, 16), v128.load(s, 32), v128.load(s, 48), v128.load(s, 64), v128.load(s, 80));
    let at = to;
    for (let j: i32 = 0; j < tile.right; j++) {
      const sum = f32x4.add(v128.load(s + (<usize>j << 4)), bias);
      v128.store(at, f32x4.min(f32x4.max(sum, low), high));
      at += tile.columnBytes;
    }
    to += tile.rowBytes;
  }
}

/** Aᵀ times six values. */
@inline
function fromSix(to: usize, step: usize, m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128): void {
  const even = f32x4.add(m1, m2);
  const odd = f32x4.sub(m1, m2);
  const farEven = f32x4.add(m3, m4);
  const farOdd = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(m0, even), farEven));
  v128.store(to + step, f32x4.add(odd, f32x4.mul(f32x4.splat(2), farOdd)));
  v128.store(to + 2 * step, f32x4.add(even, f32x4.mul(f32x4.splat(4), farEven)));
  v128.store(to + 3 * step, f32x4.add(f32x4.add(odd, f32x4.mul(f32x4.splat(8), farOdd)), m5));
}

/** G g Gᵀ of four filters' 3×3 values, `tap` bytes apart. */
export function filterFour(tile: Tile, w: usize, tap: usize, to: usize, plane: usize): void {
  const middle = tile.intermediate;
  for (let j: usize = 0; j < 3; j++) {
    const at = w + j * tap;
    fromThree(middle + (j << 4), 48, v128.load(at), v128.load(at + 3 * tap), v128.load(at + 6 * tap));
  }
  for (let i: usize = 0; i < 6; i++) {
    const s = middle + i * 48;
    fromThree(to, plane, v128.load(s), v128.load(s, 16), v128.load(s, 32));
    to += 6 * plane;
  }
}

/** G times three values. */
@inline
function fromThree(to: usize, step: usize, g0: v128, g1: v128, g2: v128): void {
  const sixth = f32x4.splat(1.0 / 6.0);
  v128.store(to, f32x4.mul(f32x4.splat(0.25), g0));
  const ends = f32x4.add(g0, g2);
  v128.store(to + step, f32x4.neg(f32x4.mul(sixth, f32x4.add(ends, g1))));
  v128.store(to + 2 * step, f32x4.mul(sixth, f32x4.sub(g1, ends)));
  // (g0 + 4 g2) / 24 ± g1 / 12
  const even = f32x4.mul(f32x4.splat(1.0 / 24.0), f32x4.add(g0, f32x4.mul(f32x4.splat(4), g2)));
  const odd = f32x4.mul(f32x4.splat(1.0 / 12.0), g1);
  v128.store(to + 3 * step, f32x4.add(even, odd));
  v128.store(to + 4 * step, f32x4.sub(even, odd));
  v128.store(to + 5 * step, g2);
}

/** A dy Aᵀ of four channels of 4×4 outputs, zeros for those outside: 36 planes. */
export function gradientFour(tile: Tile, from: usize, to: usize, plane: usize): void {
  const middle = tile.intermediate;
  const zero = f32x4.splat(0);
  for (let j: i32 = 0; j < 4; j++) {
    let y0 = zero;
    let y1 = zero;
    let y2 = zero;
    let y3 = zero;
    if (j < tile.right) {
      y0 = v128.load(from);
      if (tile.below > 1) y1 = v128.load(from + tile.rowBytes);
      if (tile.below > 2) y2 = v128.load(from + 2 * tile.rowBytes);
      if (tile.below > 3) y3 = v128.load(from + 3 * tile.rowBytes);
    }
    toSix(middle + (<usize>j << 4), 64, y0, y1, y2, y3);
    from += tile.columnBytes;
  }
  for (let i: usize = 0; i < 6; i++) {
    const s = middle + (i << 6);
    toSix(to, plane, v128.load(s), v128.load(s, 16), v128.load(s, 32), v128.load(s, 48));
    to += 6 * plane;
  }
}

/** A times four values. */
@inline
function toSix(to: usize, step: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  v128.store(to, y0);
  const even = f32x4.add(y0, y2);
  const odd = f32x4.add(y1, y3);
  v128.store(to + step, f32x4.add(even, odd));
  v128.store(to + 2 * step, f32x4.sub(even, odd));
  const farEven = f32x4.add(y0, f32x4.mul(f32x4.splat(4), y2));
  const farOdd = f32x4.add(f32x4.mul(f32x4.splat(2), y1), f32x4.mul(f32x4.splat(8), y3));
  v128.store(to + 3 * step, f32x4.add(farEven, farOdd));
  v128.store(to + 4 * step, f32x4.sub(farEven, farOdd));
  v128.store(to + 5 * step, y3);
}

/** Gᵀ m G of the planes of sums: the nine taps of four filters, `tap` bytes apart. */
export function sumsFour(tile: Tile, sums: usize, plane: usize, to: usize, tap: usize): void {
  const middle = tile.intermediate;
  const row: usize = 6 * plane;
  for (let j: usize = 0; j < 6; j++) {
    toThree(middle + (j << 4), ROW, v128.load(sums), v128.load(sums + row), v128.load(sums + 2 * row), v128.load(sums + 3 * row), v128.load(sums + 4 * row), v128.load(sums + 5 * row));
    sums += plane;
  }
  for (let i: usize = 0; i < 3; i++) {
    const s = middle + i * ROW;
    toThree(to, tap, v128.load(s), v128.load(s, 16), v128.load(s, 32), v128.load(s, 48), v128.load(s, 64), v128.load(s, 80));
    to += 3 * tap;
  }
}

/** Gᵀ times six values. */
@inline
function toThree(to: usize, step: usize, m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128): void {
  const sixth = f32x4.splat(1.0 / 6.0);
  const even = f32x4.mul(sixth, f32x4.add(m1, m2));
  const odd = f32x4.mul(sixth, f32x4.sub(m2, m1));
  const farEven = f32x4.add(m3, m4);
  const farOdd = f32x4.mul(f32x4.splat(1.0 / 12.0), f32x4.sub(m3, m4));
  const quarter = f32x4.mul(f32x4.splat(0.25), m0);
  v128.store(to, f32x4.add(f32x4.sub(quarter, even), f32x4.mul(f32x4.splat(1.0 / 24.0), farEven)));
  v128.store(to + step, f32x4.add(odd, farOdd));
  v128.store(to + 2 * step, f32x4.add(f32x4.sub(f32x4.mul(sixth, farEven), even), m5));
}
