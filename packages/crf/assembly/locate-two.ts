// Two features: positions in an image.
import { excess, inside, larger, move, multiple, origin, scaled, smaller, tooFar } from './embed';
import { entryOf, holds, number } from './simplices';
import { CACHE, full, OVERFLOW, SCALES } from './table';

/** See locate.ts. */
export function locateTwo(state: usize, features: usize, stride: u32, count: u32, slots: usize, weights: usize): u32 {
  const scales = <usize>load<u32>(state, SCALES);
  const cache = <usize>load<u32>(state, CACHE);
  const one = i32x4.splat(1);
  let farthest = i32x4.splat(0);
  let i: u32 = 0;
  for (; i < count; i += 4) {
    if (full(state)) break;
    const c1 = scaled(features, 1, stride, scales);
    const c0 = scaled(features, 0, stride, scales);
    features += 16;
    const e2 = f32x4.sub(f32x4.splat(0), f32x4.mul(f32x4.splat(2), c1));
    const e1 = f32x4.sub(c1, c0);
    const e0 = f32x4.add(c1, c0);

    const m0 = multiple(e0, 2);
    const m1 = multiple(e1, 2);
    const m2 = multiple(e2, 2);
    const shift = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.add(m0, m1), m2));
    const x0 = excess(e0, m0, 2);
    const x1 = excess(e1, m1, 2);
    const x2 = excess(e2, m2, 2);
    // All ones, −1, where the first lies lower.
    const l01 = f32x4.lt(x0, x1);
    const l02 = f32x4.lt(x0, x2);
    const l12 = f32x4.lt(x1, x2);
    const r0 = i32x4.sub(shift, i32x4.add(l01, l02));
    const r1 = i32x4.add(i32x4.add(shift, one), i32x4.sub(l01, l12));
    const r2 = i32x4.add(i32x4.add(shift, i32x4.splat(2)), i32x4.add(l02, l12));
    const v0 = move(r0, 2);
    const v1 = move(r1, 2);
    const o0 = origin(m0, v0, 2);
    const o1 = origin(m1, v1, 2);
    const o2 = origin(m2, move(r2, 2), 2);
    farthest = i32x4.max_s(farthest, i32x4.max_s(i32x4.max_s(i32x4.abs(o0), i32x4.abs(o1)), i32x4.abs(o2)));

    const p0 = inside(e0, o0, 2);
    const p1 = inside(e1, o1, 2);
    const p2 = inside(e2, o2, 2);
    const high = larger(p0, p1);
    const low = smaller(p0, p1);
    const most = larger(high, p2);
    const rest = smaller(high, p2);
    const middle = larger(low, rest);
    const least = smaller(low, rest);
    const b0 = f32x4.sub(f32x4.add(f32x4.splat(1), least), most);
    const b1 = f32x4.sub(middle, least);
    const b2 = f32x4.sub(most, middle);
    // Rows of three.
    const pairs = v128.shuffle<f32>(b0, b1, 0, 4, 1, 5);
    const later = v128.shuffle<f32>(b0, b1, 2, 6, 3, 7);
    const t0 = v128.shuffle<f32>(pairs, b2, 0, 1, 4, 2);
    const t1 = v128.shuffle<f32>(v128.shuffle<f32>(pairs, b2, 3, 5, 3, 5), later, 0, 1, 4, 5);
    const t2 = v128.shuffle<f32>(v128.shuffle<f32>(later, b2, 2, 3, 6, 7), b2, 2, 0, 1, 3);
    v128.store(weights, t0);
    v128.store(weights, t1, 16);
    v128.store(weights, t2, 32);
    weights += 48;

    // Per point (origin₀ + rank₀, origin₁ + rank₁) and the ranks, 16 bits each.
    const s0 = i32x4.add(r0, v0);
    const s1 = i32x4.add(r1, v1);
    const keys = i16x8.narrow_i32x4_s(i32x4.add(o0, s0), i32x4.add(o1, s1));
    const ranks = i16x8.narrow_i32x4_s(s0, s1);
    const key = v128.shuffle<i16>(keys, keys, 0, 4, 1, 5, 2, 6, 3, 7);
    const rank = v128.shuffle<i16>(ranks, ranks, 0, 4, 1, 5, 2, 6, 3, 7);
    const none = i32x4.splat(0);
    slots = one2(state, cache, v128.shuffle<i32>(key, none, 0, 4, 4, 4), v128.shuffle<i32>(rank, none, 0, 4, 4, 4), slots);
    if (i + 1 < count) slots = one2(state, cache, v128.shuffle<i32>(key, none, 1, 4, 4, 4), v128.shuffle<i32>(rank, none, 1, 4, 4, 4), slots);
    if (i + 2 < count) slots = one2(state, cache, v128.shuffle<i32>(key, none, 2, 4, 4, 4), v128.shuffle<i32>(rank, none, 2, 4, 4, 4), slots);
    if (i + 3 < count) slots = one2(state, cache, v128.shuffle<i32>(key, none, 3, 4, 4, 4), v128.shuffle<i32>(rank, none, 3, 4, 4, 4), slots);
  }
  if (tooFar(farthest, 2)) store<u32>(state, 1, OVERFLOW);
  return min<u32>(i, count);
}

@inline
function one2(state: usize, cache: usize, key: v128, rank: v128, slots: usize): usize {
  const entry = entryOf(cache, key);
  if (!holds(entry, key)) number(state, 2, entry, key, i16x8.sub(key, rank), rank);
  store<u64>(slots, load<u64>(entry, 16));
  store<u32>(slots, load<u32>(entry, 24), 8);
  return slots + 12;
}
