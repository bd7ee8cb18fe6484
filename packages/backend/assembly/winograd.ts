// Convolutions of 3×3 taps without stride and dilation by Winograd's F(2×2, 3×3): 16 products for each four outputs of
// a channel instead of 36. Lavin & Gray, Fast algorithms for convolutional neural networks, CVPR 2016, section 4.1.
import { Product, panels } from './convolve';
import { CORNER } from './tile';

/** Tiles of 2×2 outputs that are transformed at a time: their products stay in the second cache. */
const TILES: i32 = 32;
/** Bytes between planes beyond their values: a distance of 4 KiB would put all of them into the same cache lines. */
const APART: usize = 64;
/** Bytes of a `Product`, and of the intermediate of a transform. */
const PRODUCT: usize = 64;
const INTERMEDIATE: usize = 256;

/** What is computed and where to; 32-bit words, written by src/simd/winograd.ts. */
@unmanaged
export class Winograd {
  source: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** Rows and columns of zeros before the source; negative ones are cut off. */
  top: i32;
  left: i32;
  target: usize;
  rows: i32;
  columns: i32;
  outputs: i32;
  /** The outputs that are computed, `from` a multiple of 8, and their filters, transformed. */
  from: i32;
  end: i32;
  filters: usize;
  /** Biases, or 0; bounds, four times each. */
  bias: usize;
  bounds: usize;
  scratch: usize;
}

/** Bytes of transformed filters: 16 planes `[outputs / 8][channels][8]`. */
export function winogradFilters(channels: i32, outputs: i32): usize {
  return 16 * planeBytes(channels, outputs);
}

/** Bytes of scratch that {@link winograd} needs. */
export function winogradScratch(channels: i32, outputs: i32): usize {
  return PRODUCT + INTERMEDIATE + CORNER + (<usize>(2 * TILES + channels) << 2) + 16 * (planeBytes(channels, TILES) + planeBytes(outputs, TILES));
}

@inline
function planeBytes(columns: i32, rows: i32): usize {
  return (<usize>(columns * rows) << 2) + APART;
}

/** G g Gᵀ of the filters `[9, channels, outputs]`, outputs `from` up to `end` (multiples of 8). */
export function transformFilters(filter: usize, target: usize, channels: i32, outputs: i32, from: i32, end: i32): void {
  const tap = <usize>(channels * outputs) << 2;
  const plane = planeBytes(channels, end - from);
  const half = f32x4.splat(0.5);
  for (let o = from; o < end; o += 8) {
    for (let c = 0; c < channels; c++) {
      for (let side: usize = 0; side < 32; side += 16) {
        let w = filter + (<usize>(c * outputs + o) << 2) + side;
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
        const to = target + side;
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
      target += 32;
    }
  }
}

@inline
function filterRow(to: usize, plane: usize, r0: v128, r1: v128, r2: v128, half: v128): void {
  const ends = f32x4.add(r0, r2);
  v128.store(to, r0);
  v128.store(to + plane, f32x4.mul(half, f32x4.add(ends, r1)));
  v128.store(to + 2 * plane, f32x4.mul(half, f32x4.sub(ends, r1)));
  v128.store(to + 3 * plane, r2);
}

/** `[9, channels, outputs]` turned round: `[9, outputs, channels]`, the last tap first. */
export function flipFilter(filter: usize, target: usize, channels: i32, outputs: i32): void {
  const size = channels * outputs;
  for (let t = 8; t >= 0; t--) {
    const source = filter + (<usize>(t * size) << 2);
    for (let o = 0; o < outputs; o += 4) {
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

/** The convolution; channels and outputs are multiples of 8. */
export function winograd(w: Winograd): void {
  const outputs = w.end - w.from;
  const product = changetype<Product>(w.scratch);
  const intermediate = w.scratch + PRODUCT;
  const corner = intermediate + INTERMEDIATE;
  const table = corner + CORNER;
  const targets = table + (<usize>TILES << 2);
  const zeros = targets + (<usize>TILES << 2);
  const seen = zeros + (<usize>w.channels << 2);
  const seenPlane = planeBytes(w.channels, TILES);
  const sums = seen + 16 * seenPlane;
  const sumPlane = planeBytes(outputs, TILES);
  memory.fill(zeros, 0, <usize>w.channels << 2);
  product.channels = outputs;
  product.from = 0;
  product.end = outputs;
  product.panelBytes = <usize>w.channels << 5;
  product.valueBytes = 32;
  const across = (w.columns + 1) >> 1;
  const down = (w.rows + 1) >> 1;
  const tiles = w.batch * down * across;
  for (let first = 0; first < tiles; first += TILES) {
    const count = min(TILES, tiles - first);
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      const row = (tile / across) % down;
      const image = tile / (across * down);
      transformInput(w, image, 2 * row - w.top, 2 * (tile % across) - w.left, zeros, intermediate, seen + (<usize>(i * w.channels) << 2), 16, seenPlane);
    }
    const whole = (count + 3) & ~3;
    for (let plane: usize = 0; plane < 16; plane++) {
      for (let i = 0; i < whole; i++) {
        // What is missing of the last four is what the last one is, and goes where nobody looks.
        const from = seen + plane * seenPlane + (<usize>(min(i, count - 1) * w.channels) << 2);
        store<u32>(table + (<usize>i << 2), <u32>from);
        store<u32>(targets + (<usize>i << 2), <u32>(sums + plane * sumPlane + (<usize>(i * outputs) << 2)));
      }
      product.panels = w.filters + plane * planeBytes(w.channels, outputs);
      panels(product, 1, w.channels, 0, 1, count, targets, table, 0, corner);
    }
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      const row = (tile / across) % down;
      const image = tile / (across * down);
      transformOutput(w, image, 2 * row, 2 * (tile % across), intermediate, sums + (<usize>(i * outputs) << 2), sumPlane);
    }
  }
}

/** Bᵀ d B of the 4×4 pixels from (y, x) on: 16 planes, four channels each `next` bytes. */
export function transformInput(
  w: Winograd,
  image: i32,
  y: i32,
  x: i32,
  zeros: usize,
  intermediate: usize,
  target: usize,
  next: usize,
  plane: usize,
): void {
  const pixel = <usize>w.channels << 2;
  const inside = y >= 0 && x >= 0 && y + 4 <= w.height && x + 4 <= w.width;
  const base = w.source + <usize>((image * w.height + y) * w.width + x) * pixel;
  const line = <usize>w.width * pixel;
  for (let c: usize = 0; c < pixel; c += 16) {
    for (let j: usize = 0; j < 4; j++) {
      let d0: v128;
      let d1: v128;
      let d2: v128;
      let d3: v128;
      if (inside) {
        const at = base + j * pixel + c;
        d0 = v128.load(at);
        d1 = v128.load(at + line);
        d2 = v128.load(at + 2 * line);
        d3 = v128.load(at + 3 * line);
      } else {
        const column = <u32>(x + <i32>j) < <u32>w.width;
        const at = base + j * pixel;
        d0 = v128.load((column && <u32>y < <u32>w.height ? at : zeros) + c);
        d1 = v128.load((column && <u32>(y + 1) < <u32>w.height ? at + line : zeros) + c);
        d2 = v128.load((column && <u32>(y + 2) < <u32>w.height ? at + 2 * line : zeros) + c);
        d3 = v128.load((column && <u32>(y + 3) < <u32>w.height ? at + 3 * line : zeros) + c);
      }
      const to = intermediate + (j << 4);
      v128.store(to, f32x4.sub(d0, d2));
      v128.store(to, f32x4.add(d1, d2), 64);
      v128.store(to, f32x4.sub(d2, d1), 128);
      v128.store(to, f32x4.sub(d1, d3), 192);
    }
    let to = target + (c >> 4) * next;
    for (let i: usize = 0; i < 256; i += 64) {
      const d0 = v128.load(intermediate + i);
      const d1 = v128.load(intermediate + i, 16);
      const d2 = v128.load(intermediate + i, 32);
      const d3 = v128.load(intermediate + i, 48);
      v128.store(to, f32x4.sub(d0, d2));
      v128.store(to + plane, f32x4.add(d1, d2));
      v128.store(to + 2 * plane, f32x4.sub(d2, d1));
      v128.store(to + 3 * plane, f32x4.sub(d1, d3));
      to += 4 * plane;
    }
  }
}

/** Aᵀ m A: the 2×2 outputs at (y, x), of which the last row and column may be outside. */
function transformOutput(w: Winograd, image: i32, y: i32, x: i32, intermediate: usize, sums: usize, plane: usize): void {
  const pixel = <usize>w.outputs << 2;
  const line = <usize>w.columns * pixel;
  const right = x + 1 < w.columns;
  const below = y + 1 < w.rows;
  const low = v128.load(w.bounds);
  const high = v128.load(w.bounds, 16);
  let to = w.target + <usize>((image * w.rows + y) * w.columns + x) * pixel + (<usize>w.from << 2);
  let bias = w.bias + (<usize>w.from << 2);
  for (let c = w.from; c < w.end; c += 4) {
    let from = sums;
    for (let j: usize = 0; j < 64; j += 16) {
      const m1 = v128.load(from + 4 * plane);
      const m2 = v128.load(from + 8 * plane);
      v128.store(intermediate + j, f32x4.add(f32x4.add(v128.load(from), m1), m2));
      v128.store(intermediate + j, f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 12 * plane)), 64);
      from += plane;
    }
    let b: v128 = f32x4.splat(0);
    if (w.bias) b = v128.load(bias);
    for (let i: usize = 0; i < 2; i++) {
      if (i && !below) break;
      const s = intermediate + (i << 6);
      const s1 = v128.load(s, 16);
      const s2 = v128.load(s, 32);
      const one = f32x4.add(f32x4.add(f32x4.add(v128.load(s), s1), s2), b);
      const at = to + i * line;
      v128.store(at, f32x4.min(f32x4.max(one, low), high));
      if (right) {
        const two = f32x4.add(f32x4.sub(f32x4.sub(s1, s2), v128.load(s, 48)), b);
        v128.store(at + pixel, f32x4.min(f32x4.max(two, low), high));
      }
    }
    sums += 16;
    to += 16;
    bias += 16;
  }
}
