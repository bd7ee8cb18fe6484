// Between arrays [N, classes] as users have them and rows padded to whole vectors.
import { exp4, log4 } from './math';

/** Flags of what a function met. */
export const NOT_A_NUMBER: u32 = 1;
export const IMPOSSIBLE: u32 = 2;

/**
 * −u, padded with classes that are as good as impossible. Reads up to 12 bytes behind the source.
 * @param source `[count, classes]`
 * @param target `[count, 4 · vectors]`
 * @returns Flags: NaN or −Infinity; a point without a possible class.
 */
export function negateRows(source: usize, classes: u32, target: usize, vectors: u32, count: u32): u32 {
  const whole = (<usize>(classes >> 2)) << 4;
  const rest = classes & 3;
  const used = i32x4.lt_u(i32x4(0, 1, 2, 3), i32x4.splat(rest));
  const lowest = f32x4.splat(-Infinity);
  const highest = f32x4.splat(Infinity);
  let good = i32x4.splat(-1);
  let flags: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let possible = i32x4.splat(0);
    for (let v: usize = 0; v < whole; v += 16) {
      const u = v128.load(source + v);
      good = v128.and(good, f32x4.gt(u, lowest));
      possible = v128.or(possible, f32x4.lt(u, highest));
      v128.store(target + v, f32x4.neg(u));
    }
    if (rest) {
      const u = v128.load(source + whole);
      good = v128.and(good, v128.or(f32x4.gt(u, lowest), v128.not(used)));
      possible = v128.or(possible, v128.and(f32x4.lt(u, highest), used));
      v128.store(target + whole, v128.bitselect(f32x4.neg(u), f32x4.splat(-1e30), used));
    }
    if (!v128.any_true(possible)) flags |= IMPOSSIBLE;
    source += (<usize>classes) << 2;
    target += (<usize>vectors) << 4;
  }
  return i32x4.all_true(good) ? flags : flags | NOT_A_NUMBER;
}

/** Points reach themselves with about 0.1 at least; less than this is the rounding of nothing. */
const LEAST: f32 = 1e-5;

/** n ← 1 / n, or of its root, in place, up to the next multiple of 4; 0 for a point that is not reached. */
export function reciprocals(values: usize, count: u32, root: bool): void {
  const one = f32x4.splat(1);
  for (let i: u32 = 0; i < count; i += 4) {
    const n = v128.load(values);
    v128.store(values, v128.and(f32x4.div(one, root ? f32x4.sqrt(n) : n), f32x4.gt(n, f32x4.splat(LEAST))));
    values += 16;
  }
}

/** u₀ − u₁, the score of class 1 over class 0; flags as above. */
export function subtractRows(source: usize, target: usize, count: u32): u32 {
  let flags: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const one = load<f32>(source);
    const two = load<f32>(source, 4);
    if (!(one > -Infinity && two > -Infinity)) flags |= NOT_A_NUMBER;
    if (!(one < Infinity || two < Infinity)) flags |= IMPOSSIBLE;
    store<f32>(target, one - two);
    source += 8;
    target += 4;
  }
  return flags;
}

/** Rows of whole vectors to rows of `classes`; writes up to 12 bytes behind the last one. */
export function packRows(source: usize, vectors: u32, target: usize, classes: u32, count: u32): void {
  const size = (<usize>vectors) << 4;
  const used = (<usize>classes) << 2;
  for (let i: u32 = 0; i < count; i++) {
    for (let v: usize = 0; v < size; v += 16) v128.store(target + v, v128.load(source + v));
    source += size;
    target += used;
  }
}

/** (1 / (1 + eᶻ), 1 / (1 + e⁻ᶻ)) for each z; reads and writes up to the next multiple of 4 points. */
export function sigmoidRows(source: usize, target: usize, count: u32): void {
  const one = f32x4.splat(1);
  for (let i: u32 = 0; i < count; i += 4) {
    const z = v128.load(source);
    const e = exp4(f32x4.neg(f32x4.abs(z)));
    const larger = f32x4.div(one, f32x4.add(one, e));
    const smaller = f32x4.mul(e, larger);
    const positive = f32x4.gt(z, f32x4.splat(0));
    const first = v128.bitselect(smaller, larger, positive);
    const second = v128.bitselect(larger, smaller, positive);
    v128.store(target, v128.shuffle<f32>(first, second, 0, 4, 1, 5));
    v128.store(target, v128.shuffle<f32>(first, second, 2, 6, 3, 7), 16);
    source += 16;
    target += 32;
  }
}

/**
 * x ← −ln clamp(scale · x + shift, low, 1) in place, up to the next multiple of 4.
 * @returns 1 if a value was negative, NaN or infinite.
 */
export function negativeLogs(values: usize, count: u32, scale: f32, shift: f32, low: f32): u32 {
  let bad = i32x4.splat(0);
  for (let i: u32 = 0; i < count; i += 4) {
    const x = v128.load(values);
    const good = v128.and(f32x4.ge(x, f32x4.splat(0)), f32x4.lt(x, f32x4.splat(Infinity)));
    bad = v128.or(bad, v128.not(good));
    const p = f32x4.add(f32x4.mul(x, f32x4.splat(scale)), f32x4.splat(shift));
    const clamped = f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(low), p));
    v128.store(values, f32x4.neg(log4(clamped)));
    values += 16;
  }
  return v128.any_true(bad) ? 1 : 0;
}

/** Empties bytes. */
export function zero(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}

/** Ones for those points that send, zeros for the rest. */
export function ones(target: usize, senders: u32, count: u32): void {
  let i: u32 = 0;
  for (; i + 4 <= senders; i += 4) v128.store(target + ((<usize>i) << 2), f32x4.splat(1));
  for (; i < senders; i++) store<f32>(target + ((<usize>i) << 2), 1);
  memory.fill(target + ((<usize>i) << 2), 0, (<usize>(count - i)) << 2);
}
