// The same on several threads that share the memory: entry of the second binary. Each worker sits in `serve` and runs
// its part of every job; the main thread hands jobs out with `run`, takes part as thread 0, and waits.
export * from './index';
import { addBuffer, blur, blurOne, slice, sliceOne, splat, splatOne } from './filter';
import { locate } from './locate';
import * as field from './mean-field';
import { renumber } from './merge';
import { pixelFeatures } from './pixels';
import { negateRows, negativeLogs, ones, packRows, reciprocals, sigmoidRows, subtractRows } from './rows';
import { DIMENSIONS, DONE, empty, findNeighbours, FRESH, full, SIZE } from './table';

// The job board, 32-bit words, as byte offsets.
const GENERATION: usize = 0;
const PENDING: usize = 4;
const JOB: usize = 8;
const THREADS: usize = 12;
const ARRIVED: usize = 16;
const PHASE: usize = 20;
const READY: usize = 24;
/** Set by a thread whose table is full: the others stop too, so that no one works alone afterwards. */
const STOP: usize = 28;
/** What the threads have to report, as bits. */
const FLAGS: usize = 32;
/** Threads that sleep, or are about to. */
const SLEEPERS: usize = 36;
const ARGUMENTS: usize = 64;

const QUIT: u32 = 0;
const ITERATE: u32 = 1;
const ROWS: u32 = 2;
const LOCATE: u32 = 3;
const NEIGHBOURS: u32 = 4;
const RENUMBER: u32 = 5;
const FILTER: u32 = 6;
const FACTORS: u32 = 7;
const LOGS: u32 = 8;

// Looks before going to sleep. On a processor of its own a thread sees the others' work within the gaps between jobs,
// some tens of µs, while waking up takes 50: then looking pays, up to some 200 µs. Where the threads share one
// processor, looking only keeps the others from working. Which it is shows in how the last waits ended.
const MOST_PATIENCE: u32 = 400000;
const LEAST_PATIENCE: u32 = 2000;
let patience: u32 = 50000;

@inline
function argument(board: usize, index: usize): usize {
  return <usize>load<u32>(board + (index << 2), ARGUMENTS);
}

// Sleeping is left to the host, not to the instructions for it: the first compiler of Node 20 (V8 11.3) loses a local
// variable over them.
@external("env", "sleep")
declare function sleepWhile(address: usize, value: u32): void;
@external("env", "wake")
declare function wakeAll(address: usize): void;

/** Waits while the word has this value. A browser's main thread may not sleep: it keeps looking. */
function waitWhile(board: usize, word: usize, value: u32, sleep: bool): void {
  const address = board + word;
  let looks: u32 = 0;
  while (atomic.load<u32>(address) == value) {
    if (!sleep || ++looks < patience) continue;
    patience = max<u32>(patience >> 1, LEAST_PATIENCE);
    atomic.add<u32>(board, 1, SLEEPERS);
    sleepWhile(address, value);
    atomic.sub<u32>(board, 1, SLEEPERS);
    looks = patience;
  }
  // Neither asleep nor without any wait.
  if (looks > 0 && looks < patience) patience = min<u32>(patience << 1, MOST_PATIENCE);
}

/** After the word has changed. */
@inline
function wake(board: usize, word: usize): void {
  if (atomic.load<u32>(board, SLEEPERS) != 0) wakeAll(board + word);
}

/** All threads of the job have come here before any goes on. */
function barrier(board: usize, sleep: bool): void {
  const threads = load<u32>(board, THREADS);
  const phase = atomic.load<u32>(board, PHASE);
  if (atomic.add<u32>(board, 1, ARRIVED) + 1 == threads) {
    atomic.store<u32>(board, 0, ARRIVED);
    atomic.add<u32>(board, 1, PHASE);
    wake(board, PHASE);
  } else {
    waitWhile(board, PHASE, phase, sleep);
  }
}

/** A worker's life: thread `index` ≥ 1. */
export function serve(board: usize, index: u32): void {
  // Read before the main thread counts on this worker, so that no job is taken twice or missed.
  let last = atomic.load<u32>(board, GENERATION);
  atomic.add<u32>(board, 1, READY);
  while (true) {
    waitWhile(board, GENERATION, last, true);
    last = atomic.load<u32>(board, GENERATION);
    // The number of threads travels in the same word: a worker that lags behind cannot mistake another job for its own.
    if (index >= (last & 255)) continue;
    if (load<u32>(board, JOB) == QUIT) return;
    work(board, index, true);
    if (atomic.sub<u32>(board, 1, PENDING) == 1) wake(board, PENDING);
  }
}

/** Hands the job on the board to threads 1 … `threads` − 1, does part 0, and waits for the rest. */
export function run(board: usize, job: u32, threads: u32, sleep: bool): void {
  store<u32>(board, job, JOB);
  store<u32>(board, threads, THREADS);
  store<u32>(board, 0, STOP);
  store<u32>(board, 0, FLAGS);
  atomic.store<u32>(board, threads - 1, PENDING);
  const generation = atomic.load<u32>(board, GENERATION) >> 8;
  atomic.store<u32>(board, ((generation + 1) << 8) | threads, GENERATION);
  wake(board, GENERATION);
  work(board, 0, sleep);
  let left = atomic.load<u32>(board, PENDING);
  while (left != 0) {
    waitWhile(board, PENDING, left, sleep);
    left = atomic.load<u32>(board, PENDING);
  }
}

function work(board: usize, index: u32, sleep: bool): void {
  const job = load<u32>(board, JOB);
  const threads = load<u32>(board, THREADS);
  if (job == ITERATE) iteratePart(board, index, threads, sleep);
  else if (job == ROWS) rowsPart(board, index, threads);
  else if (job == LOCATE) locatePart(board, index);
  else if (job == NEIGHBOURS) neighboursPart(board, index, threads, sleep);
  else if (job == RENUMBER) renumberPart(board, index, threads);
  else if (job == FILTER) filterPart(board, index, threads, sleep);
  else if (job == FACTORS) factorsPart(board, index, threads, sleep);
  else if (job == LOGS) logsPart(board, index, threads);
}

/** The part of `count` things, in steps of `step`, that falls to a thread: its start. */
@inline
function share(count: u32, step: u32, index: u32, threads: u32): u32 {
  const steps = (count + step - 1) / step;
  return min<u32>(count, <u32>((<u64>steps * index) / threads) * step);
}

/** Points of a pass at a time: the engine can switch to faster code only between calls. */
const PASS: u32 = 8192;

function passPart(state: usize, mode: u32, first: u32, end: u32): void {
  if (mode & field.SPLAT) field.clear(state);
  for (let at = first; at < end; at += PASS) field.pass(state, mode, at, min(end, at + PASS));
}

/**
 * Arguments: states (one per thread, `bytes` apart), bytes, number of points, iterations, mode of the pass before the
 * first (0: none). Each thread splats its points into a buffer of its own; the sums of these are blurred.
 */
function iteratePart(board: usize, index: u32, threads: u32, sleep: bool): void {
  const state = argument(board, 0) + <usize>index * argument(board, 1);
  const points = <u32>argument(board, 2);
  const count = <u32>argument(board, 3);
  const first = share(points, 64, index, threads);
  const end = share(points, 64, index + 1, threads);
  const before = <u32>argument(board, 4);
  if (before) passPart(state, before, first, end);
  for (let n: u32 = 1; n <= count; n++) {
    barrier(board, sleep);
    blurTerms(board, state, index, threads, sleep);
    passPart(state, field.SLICE | (n < count ? field.SPLAT : field.STORE), first, end);
  }
}

/** The first slot of a thread's share of the vertices, so that no two threads write to the same line of the cache. */
@inline
function firstSlot(vertices: u32, index: u32, threads: u32): u32 {
  return max<u32>(1, share(vertices + 1, 16, index, threads));
}

/** Adds up what the threads splatted, and blurs all terms: every axis of all of them before the next. */
function blurTerms(board: usize, state: usize, index: u32, threads: u32, sleep: bool): void {
  const vectors = load<u32>(state, field.VECTORS);
  const terms = load<u32>(state, field.TERMS);
  let axes: u32 = 0;
  for (let t: u32 = 0; t < terms; t++) {
    const term = field.termOf(state, t);
    const vertices = load<u32>(term, field.VERTICES);
    axes = max(axes, load<u32>(term, field.CORNERS));
    const first = firstSlot(vertices, index, threads);
    const end = firstSlot(vertices, index + 1, threads);
    for (let other: u32 = 0; other + 1 < threads; other++) {
      const buffer = <usize>load<u32>(term, field.OTHERS) + <usize>other * <usize>load<u32>(term, field.BYTES);
      addBuffer(vectors, load<u32>(term, field.ONE), buffer, first, end);
    }
  }
  for (let axis: u32 = 0; axis < axes; axis++) {
    barrier(board, sleep);
    for (let t: u32 = 0; t < terms; t++) {
      const term = field.termOf(state, t);
      if (axis >= load<u32>(term, field.CORNERS)) continue;
      const vertices = load<u32>(term, field.VERTICES);
      const from = <usize>load<u32>(term, field.ONE);
      const to = <usize>load<u32>(term, field.TWO);
      const row = <usize>load<u32>(term, field.NEIGHBOURS) + <usize>axis * <usize>vertices * 8;
      blurShare(vectors, from, to, row, firstSlot(vertices, index, threads), firstSlot(vertices, index + 1, threads));
      store<u32>(term, to, field.ONE);
      store<u32>(term, from, field.TWO);
    }
  }
  // To be sliced from the one; thread 0 splats into the other, which is then the one to be blurred.
  for (let t: u32 = 0; t < terms; t++) {
    const term = field.termOf(state, t);
    const result = load<u32>(term, field.ONE);
    const free = load<u32>(term, field.TWO);
    store<u32>(term, result, field.FROM);
    if (index == 0) store<u32>(term, free, field.TO);
    store<u32>(term, free, field.ONE);
    store<u32>(term, result, field.TWO);
  }
  barrier(board, sleep);
}

@inline
function blurShare(vectors: u32, from: usize, to: usize, row: usize, first: u32, end: u32): void {
  if (first >= end) return;
  if (vectors == 0) blurOne(from, to, row, first, end - 1);
  else blur(vectors, from, to, row, first, end - 1);
}

/**
 * Arguments: vectors per vertex (0 for one channel), vertices, axes, neighbours, buffer to start from, the other one,
 * bytes between the buffers of other threads (the first follows at argument 7), slots, weights, points, source, target,
 * scale. Thread t > 0 splats into the other buffer t − 1; the sums are blurred, and the slices added to the target.
 */
function filterPart(board: usize, index: u32, threads: u32, sleep: bool): void {
  const points = <u32>argument(board, 10);
  const vectors = <u32>argument(board, 0);
  const size: usize = vectors == 0 ? 4 : (<usize>vectors) << 4;
  const first = share(points, 64, index, threads);
  const count = share(points, 64, index + 1, threads) - first;
  const source = argument(board, 11) + <usize>first * size;
  const target = argument(board, 12) + <usize>first * size;
  const blurred = filterUp(board, source, first, count, index, threads, sleep);
  const axes = <u32>argument(board, 2);
  const skip = (<usize>first * <usize>axes) << 2;
  const slots = argument(board, 8) + skip;
  const weights = argument(board, 9) + skip;
  const scale = load<f32>(board + (13 << 2), ARGUMENTS);
  if (vectors == 0) sliceOne(blurred, slots, weights, axes, scale, 0, target, count);
  else slice(vectors, blurred, slots, weights, axes, scale, 0, target, count);
}

/**
 * Arguments as for the filter, of one channel, but in place of the source: how many points send, with bit 31 for the
 * reciprocal of the root. The target gets the reciprocals of the filtered ones.
 */
function factorsPart(board: usize, index: u32, threads: u32, sleep: bool): void {
  const points = <u32>argument(board, 10);
  const first = share(points, 64, index, threads);
  const count = share(points, 64, index + 1, threads) - first;
  const target = argument(board, 12) + ((<usize>first) << 2);
  const senders = <u32>argument(board, 11) & 0x7fffffff;
  ones(target, senders > first ? min(senders - first, count) : 0, count);
  const blurred = filterUp(board, target, first, count, index, threads, sleep);
  const axes = <u32>argument(board, 2);
  const skip = (<usize>first * <usize>axes) << 2;
  memory.fill(target, 0, (<usize>count) << 2);
  sliceOne(blurred, argument(board, 8) + skip, argument(board, 9) + skip, axes, load<f32>(board + (13 << 2), ARGUMENTS), 0, target, count);
  reciprocals(target, count, <u32>argument(board, 11) >> 31 != 0);
}

/** Splats and blurs; returns the buffer with the result. */
function filterUp(board: usize, source: usize, first: u32, count: u32, index: u32, threads: u32, sleep: bool): usize {
  const vectors = <u32>argument(board, 0);
  const vertices = <u32>argument(board, 1);
  const axes = <u32>argument(board, 2);
  const size: usize = vectors == 0 ? 4 : (<usize>vectors) << 4;
  const bytes = argument(board, 6);
  let from = argument(board, 4);
  let to = argument(board, 5);
  const own = index == 0 ? from : argument(board, 7) + <usize>(index - 1) * bytes;
  const skip = (<usize>first * <usize>axes) << 2;
  const slots = argument(board, 8) + skip;
  const weights = argument(board, 9) + skip;
  memory.fill(own, 0, bytes);
  // Slot 0 stands for absent neighbours.
  if (index == 0) memory.fill(to, 0, size);
  if (vectors == 0) splatOne(own, slots, weights, axes, 0, source, count);
  else splat(vectors, own, slots, weights, axes, 0, source, count);
  barrier(board, sleep);
  const start = firstSlot(vertices, index, threads);
  const end = firstSlot(vertices, index + 1, threads);
  for (let other: u32 = 0; other + 1 < threads; other++) {
    addBuffer(vectors, from, argument(board, 7) + <usize>other * bytes, start, end);
  }
  for (let axis: u32 = 0; axis < axes; axis++) {
    barrier(board, sleep);
    blurShare(vectors, from, to, argument(board, 3) + <usize>axis * <usize>vertices * 8, start, end);
    const swap = from;
    from = to;
    to = swap;
  }
  barrier(board, sleep);
  return from;
}

const NEGATE: u32 = 0;
const SUBTRACT: u32 = 1;
const PACK: u32 = 2;

/** Arguments: which of the functions below, source, target, classes, vectors, number of rows. */
function rowsPart(board: usize, index: u32, threads: u32): void {
  const which = <u32>argument(board, 0);
  const classes = <u32>argument(board, 3);
  const vectors = <u32>argument(board, 4);
  const rows = <u32>argument(board, 5);
  const first = share(rows, 64, index, threads);
  const count = share(rows, 64, index + 1, threads) - first;
  const packed = (<usize>first * <usize>classes) << 2;
  const padded = (<usize>first * <usize>(vectors == 0 ? 1 : vectors << 2)) << 2;
  const source = argument(board, 1);
  const target = argument(board, 2);
  if (which == NEGATE) atomic.or<u32>(board, negateRows(source + packed, classes, target + padded, vectors, count), FLAGS);
  else if (which == SUBTRACT) atomic.or<u32>(board, subtractRows(source + packed, target + padded, count), FLAGS);
  else if (which == PACK) packShare(source + padded, vectors, target + packed, classes, count, index + 1 == threads);
  else sigmoidRows(source + padded, target + packed, count);
}

/** Packing writes a little behind its last row: not where another thread has written already. */
@inline
function packShare(source: usize, vectors: u32, target: usize, classes: u32, count: u32, last: bool): void {
  if (last || count == 0) return packRows(source, vectors, target, classes, count);
  packRows(source, vectors, target, classes, count - 1);
  memory.copy(target + (((<usize>count - 1) * <usize>classes) << 2), source + (((<usize>count - 1) * <usize>vectors) << 4), (<usize>classes) << 2);
}

/** Arguments: values, their number, and three floats: see `negativeLogs`. */
function logsPart(board: usize, index: u32, threads: u32): void {
  const count = <u32>argument(board, 1);
  const first = share(count, 16, index, threads);
  const end = share(count, 16, index + 1, threads);
  const numbers = board + (2 << 2);
  const bad = negativeLogs(argument(board, 0) + ((<usize>first) << 2), end - first, load<f32>(numbers, ARGUMENTS), load<f32>(numbers, ARGUMENTS + 4), load<f32>(numbers, ARGUMENTS + 8));
  atomic.or<u32>(board, bad, FLAGS);
}

/** Arguments: state, steps, neighbours, number of axes. The vertices of all axes are shared out in one row. */
function neighboursPart(board: usize, index: u32, threads: u32, sleep: bool): void {
  const state = argument(board, 0);
  const neighbours = argument(board, 2);
  const all = <u32>argument(board, 3) * load<u32>(state, SIZE);
  const first = share(all, 16, index, threads);
  const end = share(all, 16, index + 1, threads);
  memory.fill(neighbours + ((<usize>first) << 3), 0, <usize>(end - first) << 3);
  barrier(board, sleep);
  findNeighbours(state, argument(board, 1), neighbours, first, end);
}

/** Arguments: slots, their number, map. */
function renumberPart(board: usize, index: u32, threads: u32): void {
  const count = <u32>argument(board, 1);
  const first = share(count, 16, index, threads);
  renumber(argument(board, 0) + ((<usize>first) << 2), share(count, 16, index + 1, threads) - first, argument(board, 2));
}

/** Pixels whose features are made at a time: they stay in the nearest cache. */
const PIXELS: u32 = 1024;

/**
 * For each thread eleven arguments: state, features, stride, count, slots, weights; then, for pixels, the first pixel,
 * image, width, channels, deviations. Without deviations the features are there already. Leaves in the state how many
 * points were located before a thread's table was full.
 */
function locatePart(board: usize, index: u32): void {
  const at = (<usize>index) * 11;
  const state = argument(board, at);
  const features = argument(board, at + 1);
  const stride = <u32>argument(board, at + 2);
  const count = <u32>argument(board, at + 3);
  const deviations = argument(board, at + 10);
  const corners = <usize>(load<u32>(state, DIMENSIONS) + 1) << 2;
  const run = deviations ? min<u32>(PIXELS, stride) : count;
  // Here, and not by the thread that made it: what is written here lies near afterwards.
  if (load<u32>(state, FRESH)) empty(state);
  let done: u32 = 0;
  while (done < count && !atomic.load<u32>(board, STOP)) {
    const part = min<u32>(run, count - done);
    if (deviations) {
      pixelFeatures(argument(board, at + 7), <u32>argument(board, at + 8), <u32>argument(board, at + 9), deviations, features, stride, <u32>argument(board, at + 6) + done, part);
    }
    const skip = <usize>done * corners;
    done += locate(state, features, stride, part, argument(board, at + 4) + skip, argument(board, at + 5) + skip);
    if (full(state)) atomic.store<u32>(board, 1, STOP);
  }
  store<u32>(state, done, DONE);
}
