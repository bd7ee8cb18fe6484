// One pass over the points of a mean-field iteration, in runs small enough for the first-level cache: slice all terms'
// messages onto −u, softmax, splat into all terms' lattices.
import { slice, sliceOne, splat, splatOne } from './filter';
import { exp4 } from './math';

/** Points handled at a time. */
const RUN: u32 = 64;

// What a pass does, as bits.
/** Scores are −u plus the messages; otherwise −u alone. */
export const SLICE: u32 = 1;
/** The new distribution goes into the lattices. */
export const SPLAT: u32 = 2;
/** The new distribution is kept. */
export const STORE: u32 = 4;
/** The distribution is the kept one; nothing is computed. */
export const LOAD: u32 = 8;
/** The messages alone are kept, in place of the distribution. */
export const COSTS: u32 = 16;

// Fields of the state, 32-bit words, as byte offsets. VECTORS 0 means two classes in one channel.
export const VECTORS: usize = 0;
export const TERMS: usize = 4;
const SCORES: usize = 8;
const KEPT: usize = 12;
const SCRATCH: usize = 16;
const CLASSES: usize = 20;
const FIRST_TERM: usize = 32;

// Fields of a term.
const TERM: usize = 64;
export const CORNERS: usize = 0;
const SLOTS: usize = 4;
const WEIGHTS: usize = 8;
const BEFORE: usize = 12;
const AFTER: usize = 16;
export const FROM: usize = 20;
export const TO: usize = 24;
const KIND: usize = 28;
const FACTOR: usize = 32;
const MATRIX: usize = 36;
export const BYTES: usize = 40;
// For several threads: what is blurred, back and forth between two buffers, and where the other threads splat.
export const VERTICES: usize = 44;
export const NEIGHBOURS: usize = 48;
export const OTHERS: usize = 52;
export const ONE: usize = 56;
export const TWO: usize = 60;

@inline
export function termOf(state: usize, index: u32): usize {
  return state + FIRST_TERM + <usize>index * TERM;
}

const POTTS: u32 = 0;
const DIAGONAL: u32 = 1;

/** Empties what will be splatted into. */
export function clear(state: usize): void {
  const terms = load<u32>(state, TERMS);
  for (let t: u32 = 0; t < terms; t++) {
    const term = termOf(state, t);
    memory.fill(load<u32>(term, TO), 0, load<u32>(term, BYTES));
  }
}

/** Runs `mode` over the points `first .. end`; `scratch` holds 2 · RUN points. */
export function pass(state: usize, mode: u32, first: u32, end: u32): void {
  if (load<u32>(state, VECTORS) == 0) passTwo(state, mode, first, end);
  else passMany(state, mode, first, end);
}

function passMany(state: usize, mode: u32, first: u32, end: u32): void {
  const c = load<u32>(state, VECTORS);
  const size = (<usize>c) << 4;
  const terms = load<u32>(state, TERMS);
  const scores = <usize>load<u32>(state, SCORES);
  const kept = <usize>load<u32>(state, KEPT);
  const scratch = <usize>load<u32>(state, SCRATCH);
  const message = scratch + <usize>RUN * size;
  for (let at = first; at < end; at += RUN) {
    const count = min(RUN, end - at);
    const bytes = <usize>count * size;
    if (mode & LOAD) memory.copy(scratch, kept + <usize>at * size, bytes);
    else if (mode & COSTS) memory.fill(scratch, 0, bytes);
    else memory.copy(scratch, scores + <usize>at * size, bytes);
    if (mode & (SLICE | COSTS)) {
      for (let t: u32 = 0; t < terms; t++) addMessages(termOf(state, t), c, at, count, scratch, message, load<u32>(state, CLASSES));
    }
    if (!(mode & (LOAD | COSTS))) {
      if (c == 1) softmaxOne(scratch, count);
      else softmax(scratch, c, count);
    }
    if (mode & (STORE | COSTS)) memory.copy(kept + <usize>at * size, scratch, bytes);
    if (mode & SPLAT) {
      for (let t: u32 = 0; t < terms; t++) {
        const term = termOf(state, t);
        const corners = load<u32>(term, CORNERS);
        const skip = (<usize>at * <usize>corners) << 2;
        const before = <usize>load<u32>(term, BEFORE);
        splat(c, load<u32>(term, TO), load<u32>(term, SLOTS) + skip, load<u32>(term, WEIGHTS) + skip, corners, before ? before + ((<usize>at) << 2) : 0, scratch, count);
      }
    }
  }
}

/** Adds −compat(filter(Q)) of one term to the scores of a run. */
function addMessages(term: usize, c: u32, at: u32, count: u32, scores: usize, message: usize, classes: u32): void {
  const corners = load<u32>(term, CORNERS);
  const skip = (<usize>at * <usize>corners) << 2;
  const kind = load<u32>(term, KIND);
  const after = <usize>load<u32>(term, AFTER);
  const target = kind == POTTS ? scores : message;
  const size = (<usize>c) << 4;
  if (kind != POTTS) memory.fill(message, 0, <usize>count * size);
  slice(c, load<u32>(term, FROM), load<u32>(term, SLOTS) + skip, load<u32>(term, WEIGHTS) + skip, corners, load<f32>(term, FACTOR), after ? after + ((<usize>at) << 2) : 0, target, count);
  if (kind == POTTS) return;
  const matrix = <usize>load<u32>(term, MATRIX);
  for (let i: u32 = 0; i < count; i++) {
    if (kind == DIAGONAL) {
      for (let v: usize = 0; v < size; v += 16) {
        v128.store(scores + v, f32x4.sub(v128.load(scores + v), f32x4.mul(v128.load(matrix + v), v128.load(message + v))));
      }
    } else {
      for (let k: u32 = 0; k < classes; k++) {
        const x = v128.load32_splat(message + ((<usize>k) << 2));
        const row = matrix + <usize>k * size;
        for (let v: usize = 0; v < size; v += 16) {
          v128.store(scores + v, f32x4.sub(v128.load(scores + v), f32x4.mul(v128.load(row + v), x)));
        }
      }
    }
    scores += size;
    message += size;
  }
}

@inline
function largestLane(x: v128): v128 {
  x = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.pmax(x, v128.shuffle<f32>(x, x, 1, 0, 3, 2));
}

@inline
function sumLanes(x: v128): v128 {
  x = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.add(x, v128.shuffle<f32>(x, x, 1, 0, 3, 2));
}

/** Up to four classes: one vector a point. */
function softmaxOne(scores: usize, count: u32): void {
  const end = scores + ((<usize>count) << 4);
  for (; scores < end; scores += 16) {
    const x = v128.load(scores);
    const e = exp4(f32x4.sub(x, largestLane(x)));
    v128.store(scores, f32x4.div(e, sumLanes(e)));
  }
}

/** As many vectors as c says, up to six, without a detour through the memory. */
@inline
function softmaxFixed(c: u32, scores: usize, count: u32): void {
  const end = scores + <usize>count * <usize>(c << 4);
  for (; scores < end; scores += <usize>(c << 4)) {
    let x0 = v128.load(scores);
    let x1 = c > 1 ? v128.load(scores, 16) : x0;
    let x2 = c > 2 ? v128.load(scores, 32) : x0;
    let x3 = c > 3 ? v128.load(scores, 48) : x0;
    let x4 = c > 4 ? v128.load(scores, 64) : x0;
    let x5 = c > 5 ? v128.load(scores, 80) : x0;
    let largest = x0;
    if (c > 1) largest = f32x4.pmax(largest, x1);
    if (c > 2) largest = f32x4.pmax(largest, x2);
    if (c > 3) largest = f32x4.pmax(largest, f32x4.pmax(x3, c > 4 ? x4 : x3));
    if (c > 5) largest = f32x4.pmax(largest, x5);
    largest = largestLane(largest);
    x0 = exp4(f32x4.sub(x0, largest));
    let sum = x0;
    if (c > 1) x1 = exp4(f32x4.sub(x1, largest));
    if (c > 2) x2 = exp4(f32x4.sub(x2, largest));
    if (c > 1) sum = f32x4.add(sum, x1);
    if (c > 2) sum = f32x4.add(sum, x2);
    if (c > 3) x3 = exp4(f32x4.sub(x3, largest));
    if (c > 4) x4 = exp4(f32x4.sub(x4, largest));
    if (c > 5) x5 = exp4(f32x4.sub(x5, largest));
    if (c > 3) sum = f32x4.add(sum, c > 4 ? f32x4.add(x3, x4) : x3);
    if (c > 5) sum = f32x4.add(sum, x5);
    const share = f32x4.div(f32x4.splat(1), sumLanes(sum));
    v128.store(scores, f32x4.mul(x0, share));
    if (c > 1) v128.store(scores, f32x4.mul(x1, share), 16);
    if (c > 2) v128.store(scores, f32x4.mul(x2, share), 32);
    if (c > 3) v128.store(scores, f32x4.mul(x3, share), 48);
    if (c > 4) v128.store(scores, f32x4.mul(x4, share), 64);
    if (c > 5) v128.store(scores, f32x4.mul(x5, share), 80);
  }
}

function softmax(scores: usize, c: u32, count: u32): void {
  if (c == 2) softmaxFixed(2, scores, count);
  else if (c == 3) softmaxFixed(3, scores, count);
  else if (c == 6) softmaxFixed(6, scores, count);
  else softmaxAny(scores, c, count);
}

function softmaxAny(scores: usize, c: u32, count: u32): void {
  const size = (<usize>c) << 4;
  for (let i: u32 = 0; i < count; i++) {
    let largest = v128.load(scores);
    for (let v: usize = 16; v < size; v += 16) largest = f32x4.pmax(largest, v128.load(scores + v));
    largest = largestLane(largest);
    let sum = f32x4.splat(0);
    for (let v: usize = 0; v < size; v += 16) {
      const e = exp4(f32x4.sub(v128.load(scores + v), largest));
      v128.store(scores + v, e);
      sum = f32x4.add(sum, e);
    }
    const share = f32x4.div(f32x4.splat(1), sumLanes(sum));
    for (let v: usize = 0; v < size; v += 16) v128.store(scores + v, f32x4.mul(v128.load(scores + v), share));
    scores += size;
  }
}

/**
 * Two classes and Potts: the filter is linear, so the difference x = q₁ − q₀ is filtered in one channel; z = s₁ − s₀ is
 * the kept value. Exact, and more accurate than two channels.
 */
function passTwo(state: usize, mode: u32, first: u32, end: u32): void {
  const terms = load<u32>(state, TERMS);
  const scores = <usize>load<u32>(state, SCORES);
  const kept = <usize>load<u32>(state, KEPT);
  const scratch = <usize>load<u32>(state, SCRATCH);
  for (let at = first; at < end; at += RUN) {
    const count = min(RUN, end - at);
    const bytes = (<usize>count) << 2;
    memory.copy(scratch, (mode & LOAD ? kept : scores) + ((<usize>at) << 2), bytes);
    if (mode & SLICE) {
      for (let t: u32 = 0; t < terms; t++) {
        const term = termOf(state, t);
        const corners = load<u32>(term, CORNERS);
        const skip = (<usize>at * <usize>corners) << 2;
        const after = <usize>load<u32>(term, AFTER);
        sliceOne(load<u32>(term, FROM), load<u32>(term, SLOTS) + skip, load<u32>(term, WEIGHTS) + skip, corners, load<f32>(term, FACTOR), after ? after + ((<usize>at) << 2) : 0, scratch, count);
      }
    }
    if (mode & STORE) memory.copy(kept + ((<usize>at) << 2), scratch, bytes);
    if (mode & SPLAT) {
      for (let v: usize = 0; v < bytes; v += 16) {
        const z = v128.load(scratch + v);
        const e = exp4(f32x4.neg(f32x4.abs(z)));
        const one = f32x4.splat(1);
        const x = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
        // With the sign of z.
        v128.store(scratch + v, v128.bitselect(z, x, i32x4.splat(0x80000000)));
      }
      for (let t: u32 = 0; t < terms; t++) {
        const term = termOf(state, t);
        const corners = load<u32>(term, CORNERS);
        const skip = (<usize>at * <usize>corners) << 2;
        const before = <usize>load<u32>(term, BEFORE);
        splatOne(load<u32>(term, TO), load<u32>(term, SLOTS) + skip, load<u32>(term, WEIGHTS) + skip, corners, before ? before + ((<usize>at) << 2) : 0, scratch, count);
      }
    }
  }
}
