// The structure map and the cosines of SIPE in blocks, with SIMD: no map [N, N] is ever held.
//
// Cells are packed in panels of 8: a panel holds its cells' values side by side for each feature, and panels are laid out
// chunk by chunk of 256 features, so that what a block works on is contiguous. Vectors of the channels ("columns") are
// padded to whole SIMD vectors of 4.

const CHUNK: u32 = 256;
/** Cells of a block: 8 panels. */
const BLOCK: u32 = 64;

/** Where the chunk that starts at feature `from` of a panel lies. */
@inline
function panelAt(panels: usize, count: u32, panel: u32, from: u32, length: u32): usize {
  return panels + (((<usize>from * count + <usize>panel * length) as usize) << 5);
}

/**
 * Packs up to 64 cells, each divided by its norm: by norm + ε, or by the larger of both.
 *
 * @param source `[cells, F]`.
 * @param stats Where the smallest value and the sum of the norms are kept: two floats, not cleared.
 */
export function pack(source: usize, cells: u32, F: u32, panels: usize, count: u32, first: u32, epsilon: f32, added: bool, stats: usize): void {
  for (let cell: u32 = 0; cell < BLOCK && first + (cell >> 3) < count; cell++) {
    const row = source + (((<usize>cell * F) as usize) << 2);
    let scale: f32 = 0;
    if (cell < cells) {
      let squares = f32x4.splat(0);
      let least = f32x4.splat(load<f32>(stats));
      let f: u32 = 0;
      for (; f + 4 <= F; f += 4) {
        const x = v128.load(row + ((<usize>f) << 2));
        squares = f32x4.add(squares, f32x4.mul(x, x));
        least = f32x4.min(least, x);
      }
      let sum = f32x4.extract_lane(squares, 0) + f32x4.extract_lane(squares, 1) + f32x4.extract_lane(squares, 2) + f32x4.extract_lane(squares, 3);
      let low = min<f32>(min<f32>(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)), min<f32>(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)));
      for (; f < F; f++) {
        const x = load<f32>(row + ((<usize>f) << 2));
        sum += x * x;
        low = min<f32>(low, x);
      }
      const norm = sqrt<f32>(sum);
      store<f32>(stats, low);
      store<f32>(stats, load<f32>(stats, 4) + norm, 4);
      scale = added ? 1 / (norm + epsilon) : 1 / max<f32>(norm, epsilon);
    }
    for (let from: u32 = 0; from < F; from += CHUNK) {
      const length = min<u32>(CHUNK, F - from);
      let to = panelAt(panels, count, first + (cell >> 3), from, length) + (((<usize>cell) & 7) << 2);
      let at = row + ((<usize>from) << 2);
      for (let f: u32 = 0; f < length; f++) {
        store<f32>(to, cell < cells ? load<f32>(at) * scale : 0);
        at += 4;
        to += 32;
      }
    }
  }
}

/** Adds the products of 4 cells with 8 cells over some features to a 4 × 8 piece of the tile. */
@inline
function multiply(a: usize, b: usize, length: u32, tile: usize): void {
  let s0 = v128.load(tile);
  let t0 = v128.load(tile, 16);
  let s1 = v128.load(tile, 256);
  let t1 = v128.load(tile, 272);
  let s2 = v128.load(tile, 512);
  let t2 = v128.load(tile, 528);
  let s3 = v128.load(tile, 768);
  let t3 = v128.load(tile, 784);
  for (let f: u32 = 0; f < length; f++) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    const x0 = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x0, left));
    t0 = f32x4.add(t0, f32x4.mul(x0, right));
    const x1 = v128.load32_splat(a, 4);
    s1 = f32x4.add(s1, f32x4.mul(x1, left));
    t1 = f32x4.add(t1, f32x4.mul(x1, right));
    const x2 = v128.load32_splat(a, 8);
    s2 = f32x4.add(s2, f32x4.mul(x2, left));
    t2 = f32x4.add(t2, f32x4.mul(x2, right));
    const x3 = v128.load32_splat(a, 12);
    s3 = f32x4.add(s3, f32x4.mul(x3, left));
    t3 = f32x4.add(t3, f32x4.mul(x3, right));
    a += 32;
    b += 32;
  }
  v128.store(tile, s0);
  v128.store(tile, t0, 16);
  v128.store(tile, s1, 256);
  v128.store(tile, t1, 272);
  v128.store(tile, s2, 512);
  v128.store(tile, t2, 528);
  v128.store(tile, s3, 768);
  v128.store(tile, t3, 784);
}

/** What a likeness and an activation share. */
@inline
function shared(minimum: bool, likeness: v128, activation: v128): v128 {
  return minimum ? f32x4.min(likeness, activation) : f32x4.mul(likeness, activation);
}

/**
 * For `rows` pairs of cells, target += Σ_j shared(x_ij, column_j) over `length` cells or features j, for `c` ≤ 6 vectors.
 *
 * @param x The value of row i and j is at x + i · down + j · along.
 * @param step Bytes between the columns of j, and between the targets of i.
 */
@inline
function accumulateFixed(c: u32, minimum: bool, x: usize, down: usize, along: usize, rows: u32, length: u32, columns: usize, target: usize, step: usize): void {
  for (let i: u32 = 0; i < rows; i++) {
    let s0 = v128.load(target);
    let s1 = c > 1 ? v128.load(target, 16) : s0;
    let s2 = c > 2 ? v128.load(target, 32) : s0;
    let s3 = c > 3 ? v128.load(target, 48) : s0;
    let s4 = c > 4 ? v128.load(target, 64) : s0;
    let s5 = c > 5 ? v128.load(target, 80) : s0;
    const next = target + step;
    let t0 = v128.load(next);
    let t1 = c > 1 ? v128.load(next, 16) : t0;
    let t2 = c > 2 ? v128.load(next, 32) : t0;
    let t3 = c > 3 ? v128.load(next, 48) : t0;
    let t4 = c > 4 ? v128.load(next, 64) : t0;
    let t5 = c > 5 ? v128.load(next, 80) : t0;
    let at = x;
    let column = columns;
    for (let j: u32 = 0; j < length; j++) {
      const one = v128.load32_splat(at);
      const two = v128.load32_splat(at + down);
      let v = v128.load(column);
      s0 = f32x4.add(s0, shared(minimum, one, v));
      t0 = f32x4.add(t0, shared(minimum, two, v));
      if (c > 1) {
        v = v128.load(column, 16);
        s1 = f32x4.add(s1, shared(minimum, one, v));
        t1 = f32x4.add(t1, shared(minimum, two, v));
      }
      if (c > 2) {
        v = v128.load(column, 32);
        s2 = f32x4.add(s2, shared(minimum, one, v));
        t2 = f32x4.add(t2, shared(minimum, two, v));
      }
      if (c > 3) {
        v = v128.load(column, 48);
        s3 = f32x4.add(s3, shared(minimum, one, v));
        t3 = f32x4.add(t3, shared(minimum, two, v));
      }
      if (c > 4) {
        v = v128.load(column, 64);
        s4 = f32x4.add(s4, shared(minimum, one, v));
        t4 = f32x4.add(t4, shared(minimum, two, v));
      }
      if (c > 5) {
        v = v128.load(column, 80);
        s5 = f32x4.add(s5, shared(minimum, one, v));
        t5 = f32x4.add(t5, shared(minimum, two, v));
      }
      at += along;
      column += step;
    }
    v128.store(target, s0);
    if (c > 1) v128.store(target, s1, 16);
    if (c > 2) v128.store(target, s2, 32);
    if (c > 3) v128.store(target, s3, 48);
    if (c > 4) v128.store(target, s4, 64);
    if (c > 5) v128.store(target, s5, 80);
    v128.store(next, t0);
    if (c > 1) v128.store(next, t1, 16);
    if (c > 2) v128.store(next, t2, 32);
    if (c > 3) v128.store(next, t3, 48);
    if (c > 4) v128.store(next, t4, 64);
    if (c > 5) v128.store(next, t5, 80);
    x += down << 1;
    target = next + step;
  }
}

function accumulate(minimum: bool, vectors: u32, x: usize, down: usize, along: usize, rows: u32, length: u32, columns: usize, target: usize): void {
  const step = (<usize>vectors) << 4;
  let left = vectors;
  while (left > 0) {
    // Six at a time, or three; what remains goes one by one.
    const c: u32 = left >= 6 ? 6 : left >= 3 ? 3 : 1;
    if (minimum) {
      if (c == 6) accumulateFixed(6, true, x, down, along, rows, length, columns, target, step);
      else if (c == 3) accumulateFixed(3, true, x, down, along, rows, length, columns, target, step);
      else accumulateFixed(1, true, x, down, along, rows, length, columns, target, step);
    } else {
      if (c == 6) accumulateFixed(6, false, x, down, along, rows, length, columns, target, step);
      else if (c == 3) accumulateFixed(3, false, x, down, along, rows, length, columns, target, step);
      else accumulateFixed(1, false, x, down, along, rows, length, columns, target, step);
    }
    left -= c;
    columns += (<usize>c) << 4;
    target += (<usize>c) << 4;
  }
}

/** The likeness of the cells of two blocks, `[64, 64]`. */
function likeness(panels: usize, count: u32, F: u32, a: u32, b: u32, tile: usize): void {
  memory.fill(tile, 0, 64 * 64 * 4);
  const ends = min<u32>(8, count - (a << 3));
  const panelsB = min<u32>(8, count - (b << 3));
  for (let from: u32 = 0; from < F; from += CHUNK) {
    const length = min<u32>(CHUNK, F - from);
    for (let p: u32 = 0; p < panelsB; p++) {
      const right = panelAt(panels, count, (b << 3) + p, from, length);
      for (let q: u32 = 0; q < ends; q++) {
        const left = panelAt(panels, count, (a << 3) + q, from, length);
        const piece = tile + ((<usize>q) << 11) + ((<usize>p) << 5);
        multiply(left, right, length, piece);
        multiply(left + 16, right, length, piece + 1024);
      }
    }
  }
  const zero = f32x4.splat(0);
  for (let at: usize = 0; at < 64 * 64 * 4; at += 16) v128.store(tile + at, f32x4.max(v128.load(tile + at), zero));
}

/**
 * target_i += Σ_j shared(S_ij, columns_j) over all cells j, S by pairs of blocks: those of one row of blocks.
 *
 * @param row Of blocks; with every later block, both directions are taken.
 * @param columns `[blocks · 64, vectors]`, 0 beyond the cells.
 * @param target As `columns`, not cleared.
 */
export function structureRow(panels: usize, count: u32, F: u32, row: u32, minimum: bool, vectors: u32, columns: usize, target: usize, tile: usize): void {
  const block = ((<usize>vectors) << 4) * BLOCK;
  const blocks = (count + 7) >> 3;
  for (let b = row; b < blocks; b++) {
    likeness(panels, count, F, row, b, tile);
    accumulate(minimum, vectors, tile, 256, 4, 32, BLOCK, columns + block * b, target + block * row);
    if (b > row) accumulate(minimum, vectors, tile, 4, 256, 32, BLOCK, columns + block * row, target + block * b);
  }
}

/** sums_f += Σ_i x_if · columns_i over the cells of some panels: `[F, vectors]`. F must be even. */
export function gather(panels: usize, count: u32, F: u32, first: u32, last: u32, vectors: u32, columns: usize, sums: usize): void {
  const step = (<usize>vectors) << 4;
  for (let from: u32 = 0; from < F; from += CHUNK) {
    const length = min<u32>(CHUNK, F - from);
    for (let p = first; p < last; p++) {
      const panel = panelAt(panels, count, p, from, length);
      accumulate(false, vectors, panel, 32, 4, length >> 1, 8, columns + step * ((<usize>p) << 3), sums + step * from);
    }
  }
}

/** target_i += Σ_f x_if · sums_f for the cells of some panels. */
export function project(panels: usize, count: u32, F: u32, first: u32, last: u32, vectors: u32, sums: usize, target: usize): void {
  const step = (<usize>vectors) << 4;
  for (let from: u32 = 0; from < F; from += CHUNK) {
    const length = min<u32>(CHUNK, F - from);
    for (let p = first; p < last; p++) {
      const panel = panelAt(panels, count, p, from, length);
      accumulate(false, vectors, panel, 4, 32, 4, length, sums + step * from, target + step * ((<usize>p) << 3));
    }
  }
}
