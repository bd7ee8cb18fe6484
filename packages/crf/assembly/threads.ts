// The same on several threads that share the memory: entry of the second binary. Each worker sits in `serve` and runs
// its part of every job; the main thread hands jobs out with `run`, takes part as thread 0, and waits.
export * from './index';
import { blur, blurOne, slice, sliceOne, splat, splatOne } from './filter';
import { locate } from './locate';
import { clear, pass, SPLAT } from './mean-field';
import { renumber } from './merge';
import { pixelFeatures } from './pixels';
import { DIMENSIONS, DONE, findNeighbours, full, SIZE } from './table';

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
const ARGUMENTS: usize = 64;

const QUIT: u32 = 0;
const PASS: u32 = 1;
const BLUR: u32 = 2;
const LOCATE: u32 = 3;
const NEIGHBOURS: u32 = 4;
const RENUMBER: u32 = 5;
const FILTER: u32 = 6;

/** Looks before going to sleep: about 200 µs, longer than the gaps between jobs of one inference; waking up takes 50. */
const PATIENCE: u32 = 40000;

@inline
function argument(board: usize, index: usize): usize {
  return <usize>load<u32>(board + (index << 2), ARGUMENTS);
}

/** Waits while the word has this value. A browser's main thread may not sleep: it keeps looking. */
function waitWhile(address: usize, value: u32, sleep: bool): void {
  let looks: u32 = 0;
  while (atomic.load<u32>(address) == value) {
    if (sleep && ++looks > PATIENCE) {
      atomic.wait<i32>(address, value, -1);
      looks = 0;
    }
  }
}

/** All threads of the job have come here before any goes on. */
function barrier(board: usize, sleep: bool): void {
  const threads = load<u32>(board, THREADS);
  const phase = atomic.load<u32>(board, PHASE);
  if (atomic.add<u32>(board, 1, ARRIVED) + 1 == threads) {
    atomic.store<u32>(board, 0, ARRIVED);
    atomic.add<u32>(board, 1, PHASE);
    atomic.notify(board + PHASE, -1);
  } else {
    waitWhile(board + PHASE, phase, sleep);
  }
}

/** A worker's life: thread `index` ≥ 1. */
export function serve(board: usize, index: u32): void {
  // Read before the main thread counts on this worker, so that no job is taken twice or missed.
  let last = atomic.load<u32>(board, GENERATION);
  atomic.add<u32>(board, 1, READY);
  while (true) {
    waitWhile(board + GENERATION, last, true);
    last = atomic.load<u32>(board, GENERATION);
    // The number of threads travels in the same word: a worker that lags behind cannot mistake another job for its own.
    if (index >= (last & 255)) continue;
    if (load<u32>(board, JOB) == QUIT) return;
    work(board, index, true);
    if (atomic.sub<u32>(board, 1, PENDING) == 1) atomic.notify(board + PENDING, 1);
  }
}

/** Hands the job on the board to threads 1 … `threads` − 1, does part 0, and waits for the rest. */
export function run(board: usize, job: u32, threads: u32, sleep: bool): void {
  store<u32>(board, job, JOB);
  store<u32>(board, threads, THREADS);
  store<u32>(board, 0, STOP);
  atomic.store<u32>(board, threads - 1, PENDING);
  const generation = atomic.load<u32>(board, GENERATION) >> 8;
  atomic.store<u32>(board, ((generation + 1) << 8) | threads, GENERATION);
  atomic.notify(board + GENERATION, -1);
  work(board, 0, sleep);
  let left = atomic.load<u32>(board, PENDING);
  while (left != 0) {
    waitWhile(board + PENDING, left, sleep);
    left = atomic.load<u32>(board, PENDING);
  }
}

function work(board: usize, index: u32, sleep: bool): void {
  const job = load<u32>(board, JOB);
  const threads = load<u32>(board, THREADS);
  if (job == PASS) passPart(board, index, threads);
  else if (job == BLUR) blurPart(board, index, threads, sleep);
  else if (job == LOCATE) locatePart(board, index);
  else if (job == NEIGHBOURS) neighboursPart(board, index, threads, sleep);
  else if (job == RENUMBER) renumberPart(board, index, threads);
  else if (job == FILTER) filterPart(board, index, threads, sleep);
}

/** The part of `count` things, in steps of `step`, that falls to a thread: its start. */
@inline
function share(count: u32, step: u32, index: u32, threads: u32): u32 {
  const steps = (count + step - 1) / step;
  return min<u32>(count, <u32>((<u64>steps * index) / threads) * step);
}

/** Arguments: states (one per thread, `bytes` apart), bytes, mode, number of points. */
function passPart(board: usize, index: u32, threads: u32): void {
  const state = argument(board, 0) + <usize>index * argument(board, 1);
  const points = <u32>argument(board, 3);
  if (<u32>argument(board, 2) & SPLAT) clear(state);
  pass(state, <u32>argument(board, 2), share(points, 64, index, threads), share(points, 64, index + 1, threads));
}

/**
 * Arguments: vectors per vertex (0 for one channel), vertices, axes, neighbours, buffer to start from, the other one,
 * bytes between the buffers of other threads (the first follows at argument 7), their number.
 * Adds what the other threads splatted, then blurs along every axis.
 */
function blurPart(board: usize, index: u32, threads: u32, sleep: bool): void {
  const vectors = <u32>argument(board, 0);
  const vertices = <u32>argument(board, 1);
  const axes = <u32>argument(board, 2);
  const neighbours = argument(board, 3);
  let from = argument(board, 4);
  let to = argument(board, 5);
  const size: usize = vectors == 0 ? 4 : (<usize>vectors) << 4;
  const first = 1 + share(vertices, 16, index, threads);
  const last = share(vertices, 16, index + 1, threads);
  const others = argument(board, 8);
  for (let other: usize = 0; other < others; other++) {
    const buffer = argument(board, 7) + other * argument(board, 6);
    const end = (<usize>last + 1) * size;
    let at = <usize>first * size;
    for (; at + 16 <= end; at += 16) v128.store(from + at, f32x4.add(v128.load(from + at), v128.load(buffer + at)));
    for (; at < end; at += 4) store<f32>(from + at, load<f32>(from + at) + load<f32>(buffer + at));
  }
  for (let axis: u32 = 0; axis < axes; axis++) {
    barrier(board, sleep);
    const row = neighbours + <usize>axis * <usize>vertices * 8;
    if (vectors == 0) blurOne(from, to, row, first, last);
    else blur(vectors, from, to, row, first, last);
    const swap = from;
    from = to;
    to = swap;
  }
}

/**
 * As for the blur, and then: slots, weights, points, source, target, scale. Thread t > 0 splats into the other buffer
 * t − 1; the sums are blurred, and the slices added to the target.
 */
function filterPart(board: usize, index: u32, threads: u32, sleep: bool): void {
  const vectors = <u32>argument(board, 0);
  const axes = <u32>argument(board, 2);
  const size: usize = vectors == 0 ? 4 : (<usize>vectors) << 4;
  const bytes = argument(board, 6);
  const from = argument(board, 4);
  const own = index == 0 ? from : argument(board, 7) + <usize>(index - 1) * bytes;
  const points = <u32>argument(board, 11);
  const first = share(points, 64, index, threads);
  const count = share(points, 64, index + 1, threads) - first;
  const skip = (<usize>first * <usize>axes) << 2;
  const slots = argument(board, 9) + skip;
  const weights = argument(board, 10) + skip;
  const source = argument(board, 12) + <usize>first * size;
  const target = argument(board, 13) + <usize>first * size;
  memory.fill(own, 0, bytes);
  // Slot 0 stands for absent neighbours.
  if (index == 0) memory.fill(argument(board, 5), 0, size);
  if (vectors == 0) splatOne(own, slots, weights, axes, 0, source, count);
  else splat(vectors, own, slots, weights, axes, 0, source, count);
  barrier(board, sleep);
  blurPart(board, index, threads, sleep);
  barrier(board, sleep);
  const blurred = axes & 1 ? argument(board, 5) : from;
  const scale = load<f32>(board + (14 << 2), ARGUMENTS);
  if (vectors == 0) sliceOne(blurred, slots, weights, axes, scale, 0, target, count);
  else slice(vectors, blurred, slots, weights, axes, scale, 0, target, count);
}

/** Arguments: state, steps, neighbours, number of axes. The vertices are shared out. */
function neighboursPart(board: usize, index: u32, threads: u32, sleep: bool): void {
  const state = argument(board, 0);
  const neighbours = argument(board, 2);
  const axes = <u32>argument(board, 3);
  const size = load<u32>(state, SIZE);
  const words = axes * size * 2;
  const start = share(words, 16, index, threads);
  memory.fill(neighbours + ((<usize>start) << 2), 0, <usize>(share(words, 16, index + 1, threads) - start) << 2);
  barrier(board, sleep);
  findNeighbours(state, argument(board, 1), neighbours, axes, 1 + share(size, 16, index, threads), share(size, 16, index + 1, threads));
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
