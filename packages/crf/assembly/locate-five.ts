// Five features: positions and three colours.
import { excess, inside, larger, move, multiple, origin, scaled, smaller, tooFar } from './embed';
import { entryOf, holds, number } from './simplices';
import { CACHE, full, OVERFLOW, SCALES } from './table';

/** See locate.ts. */
export function locateFive(state: usize, features: usize, stride: u32, count: u32, slots: usize, weights: usize): u32 {
  const scales = <usize>load<u32>(state, SCALES);
  const cache = <usize>load<u32>(state, CACHE);
  let farthest = i32x4.splat(0);
  let i: u32 = 0;
  for (; i < count; i += 4) {
    if (full(state)) break;
    // Elevated coordinates: c₀ + … + c₄, then for each k the sum of those behind c₍ₖ₋₁₎ less k · c₍ₖ₋₁₎.
    const c4 = scaled(features, 4, stride, scales);
    const e5 = f32x4.sub(f32x4.splat(0), f32x4.mul(f32x4.splat(5), c4));
    const c3 = scaled(features, 3, stride, scales);
    const e4 = f32x4.sub(c4, f32x4.mul(f32x4.splat(4), c3));
    let sum = f32x4.add(c4, c3);
    const c2 = scaled(features, 2, stride, scales);
    const e3 = f32x4.sub(sum, f32x4.mul(f32x4.splat(3), c2));
    sum = f32x4.add(sum, c2);
    const c1 = scaled(features, 1, stride, scales);
    const e2 = f32x4.sub(sum, f32x4.mul(f32x4.splat(2), c1));
    sum = f32x4.add(sum, c1);
    const c0 = scaled(features, 0, stride, scales);
    const e1 = f32x4.sub(sum, c0);
    const e0 = f32x4.add(sum, c0);
    features += 16;

    const m0 = multiple(e0, 5);
    const m1 = multiple(e1, 5);
    const m2 = multiple(e2, 5);
    const m3 = multiple(e3, 5);
    const m4 = multiple(e4, 5);
    const m5 = multiple(e5, 5);
    const steps = f32x4.add(f32x4.add(f32x4.add(m0, m1), f32x4.add(m2, m3)), f32x4.add(m4, m5));
    const shift = i32x4.trunc_sat_f32x4_s(steps);
    const x0 = excess(e0, m0, 5);
    const x1 = excess(e1, m1, 5);
    const x2 = excess(e2, m2, 5);
    const x3 = excess(e3, m3, 5);
    const x4 = excess(e4, m4, 5);
    const x5 = excess(e5, m5, 5);
    // Of each pair the one that lies lower ranks one further; of equals the later. All ones count as −1.
    let r0 = shift;
    let r1 = i32x4.add(shift, i32x4.splat(1));
    let r2 = i32x4.add(shift, i32x4.splat(2));
    let r3 = i32x4.add(shift, i32x4.splat(3));
    let r4 = i32x4.add(shift, i32x4.splat(4));
    let r5 = i32x4.add(shift, i32x4.splat(5));
    let lower = f32x4.lt(x0, x1);
    r0 = i32x4.sub(r0, lower);
    r1 = i32x4.add(r1, lower);
    lower = f32x4.lt(x0, x2);
    r0 = i32x4.sub(r0, lower);
    r2 = i32x4.add(r2, lower);
    lower = f32x4.lt(x0, x3);
    r0 = i32x4.sub(r0, lower);
    r3 = i32x4.add(r3, lower);
    lower = f32x4.lt(x0, x4);
    r0 = i32x4.sub(r0, lower);
    r4 = i32x4.add(r4, lower);
    lower = f32x4.lt(x0, x5);
    r0 = i32x4.sub(r0, lower);
    r5 = i32x4.add(r5, lower);
    lower = f32x4.lt(x1, x2);
    r1 = i32x4.sub(r1, lower);
    r2 = i32x4.add(r2, lower);
    lower = f32x4.lt(x1, x3);
    r1 = i32x4.sub(r1, lower);
    r3 = i32x4.add(r3, lower);
    lower = f32x4.lt(x1, x4);
    r1 = i32x4.sub(r1, lower);
    r4 = i32x4.add(r4, lower);
    lower = f32x4.lt(x1, x5);
    r1 = i32x4.sub(r1, lower);
    r5 = i32x4.add(r5, lower);
    lower = f32x4.lt(x2, x3);
    r2 = i32x4.sub(r2, lower);
    r3 = i32x4.add(r3, lower);
    lower = f32x4.lt(x2, x4);
    r2 = i32x4.sub(r2, lower);
    r4 = i32x4.add(r4, lower);
    lower = f32x4.lt(x2, x5);
    r2 = i32x4.sub(r2, lower);
    r5 = i32x4.add(r5, lower);
    lower = f32x4.lt(x3, x4);
    r3 = i32x4.sub(r3, lower);
    r4 = i32x4.add(r4, lower);
    lower = f32x4.lt(x3, x5);
    r3 = i32x4.sub(r3, lower);
    r5 = i32x4.add(r5, lower);
    lower = f32x4.lt(x4, x5);
    r4 = i32x4.sub(r4, lower);
    r5 = i32x4.add(r5, lower);

    let moved = move(r0, 5);
    r0 = i32x4.add(r0, moved);
    const o0 = origin(m0, moved, 5);
    moved = move(r1, 5);
    r1 = i32x4.add(r1, moved);
    const o1 = origin(m1, moved, 5);
    moved = move(r2, 5);
    r2 = i32x4.add(r2, moved);
    const o2 = origin(m2, moved, 5);
    moved = move(r3, 5);
    r3 = i32x4.add(r3, moved);
    const o3 = origin(m3, moved, 5);
    moved = move(r4, 5);
    r4 = i32x4.add(r4, moved);
    const o4 = origin(m4, moved, 5);
    const o5 = origin(m5, move(r5, 5), 5);
    farthest = i32x4.max_s(farthest, i32x4.max_s(i32x4.abs(o0), i32x4.abs(o1)));
    farthest = i32x4.max_s(farthest, i32x4.max_s(i32x4.abs(o2), i32x4.abs(o3)));
    farthest = i32x4.max_s(farthest, i32x4.max_s(i32x4.abs(o4), i32x4.abs(o5)));

    weigh(inside(e0, o0, 5), inside(e1, o1, 5), inside(e2, o2, 5), inside(e3, o3, 5), inside(e4, o4, 5), inside(e5, o5, 5), weights);
    weights += 96;

    // Per point the five coordinates of the origin, and the ranks, 16 bits each: two transpositions.
    const none = i16x8.splat(0);
    const k01 = interleave(i16x8.narrow_i32x4_s(i32x4.add(o0, r0), i32x4.add(o1, r1)));
    const k23 = interleave(i16x8.narrow_i32x4_s(i32x4.add(o2, r2), i32x4.add(o3, r3)));
    const k4 = interleave(i16x8.narrow_i32x4_s(i32x4.add(o4, r4), none));
    const r01 = interleave(i16x8.narrow_i32x4_s(r0, r1));
    const r23 = interleave(i16x8.narrow_i32x4_s(r2, r3));
    const r45 = interleave(i16x8.narrow_i32x4_s(r4, none));
    const kLow = v128.shuffle<i32>(k01, k23, 0, 4, 1, 5);
    const kHigh = v128.shuffle<i32>(k01, k23, 2, 6, 3, 7);
    const kLow4 = v128.shuffle<i32>(k4, none, 0, 4, 1, 4);
    const kHigh4 = v128.shuffle<i32>(k4, none, 2, 4, 3, 4);
    const rLow = v128.shuffle<i32>(r01, r23, 0, 4, 1, 5);
    const rHigh = v128.shuffle<i32>(r01, r23, 2, 6, 3, 7);
    const rLow4 = v128.shuffle<i32>(r45, none, 0, 4, 1, 4);
    const rHigh4 = v128.shuffle<i32>(r45, none, 2, 4, 3, 4);
    slots = find(state, cache, v128.shuffle<i64>(kLow, kLow4, 0, 2), v128.shuffle<i64>(rLow, rLow4, 0, 2), slots);
    if (i + 1 < count) slots = find(state, cache, v128.shuffle<i64>(kLow, kLow4, 1, 3), v128.shuffle<i64>(rLow, rLow4, 1, 3), slots);
    if (i + 2 < count) slots = find(state, cache, v128.shuffle<i64>(kHigh, kHigh4, 0, 2), v128.shuffle<i64>(rHigh, rHigh4, 0, 2), slots);
    if (i + 3 < count) slots = find(state, cache, v128.shuffle<i64>(kHigh, kHigh4, 1, 3), v128.shuffle<i64>(rHigh, rHigh4, 1, 3), slots);
  }
  if (tooFar(farthest, 5)) store<u32>(state, 1, OVERFLOW);
  return min<u32>(i, count);
}

/** (a₀ … a₃, b₀ … b₃) → (a₀, b₀, a₁, …). */
@inline
function interleave(x: v128): v128 {
  return v128.shuffle<i16>(x, x, 0, 4, 1, 5, 2, 6, 3, 7);
}

/** Step 6: sorts the positions within the simplex, largest first; their differences are the barycentric weights. */
@inline
function weigh(p0: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128, weights: usize): void {
  const a0 = larger(p0, p5);
  const a5 = smaller(p0, p5);
  const a1 = larger(p1, p3);
  const a3 = smaller(p1, p3);
  const a2 = larger(p2, p4);
  const a4 = smaller(p2, p4);
  const b1 = larger(a1, a2);
  const b2 = smaller(a1, a2);
  const b3 = larger(a3, a4);
  const b4 = smaller(a3, a4);
  const c0 = larger(a0, b3);
  const c3 = smaller(a0, b3);
  const c2 = larger(b2, a5);
  const c5 = smaller(b2, a5);
  const d0 = larger(c0, b1);
  const d1 = smaller(c0, b1);
  const d2 = larger(c2, c3);
  const d3 = smaller(c2, c3);
  const d4 = larger(b4, c5);
  const t5 = smaller(b4, c5);
  const t1 = larger(d1, d2);
  const t2 = smaller(d1, d2);
  const t3 = larger(d3, d4);
  const t4 = smaller(d3, d4);
  const w0 = f32x4.sub(f32x4.add(f32x4.splat(1), t5), d0);
  const w1 = f32x4.sub(t4, t5);
  const w2 = f32x4.sub(t3, t4);
  const w3 = f32x4.sub(t2, t3);
  const w4 = f32x4.sub(t1, t2);
  const w5 = f32x4.sub(d0, t1);
  // Four rows of six.
  const low01 = v128.shuffle<f32>(w0, w1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(w2, w3, 0, 4, 1, 5);
  const low45 = v128.shuffle<f32>(w4, w5, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(w0, w1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(w2, w3, 2, 6, 3, 7);
  const high45 = v128.shuffle<f32>(w4, w5, 2, 6, 3, 7);
  v128.store(weights, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(weights, v128.shuffle<i64>(low45, low01, 0, 3), 16);
  v128.store(weights, v128.shuffle<i64>(low23, low45, 1, 3), 32);
  v128.store(weights, v128.shuffle<i64>(high01, high23, 0, 2), 48);
  v128.store(weights, v128.shuffle<i64>(high45, high01, 0, 3), 64);
  v128.store(weights, v128.shuffle<i64>(high23, high45, 1, 3), 80);
}

@inline
function find(state: usize, cache: usize, key: v128, rank: v128, slots: usize): usize {
  const entry = entryOf(cache, key);
  if (!holds(entry, key)) number(state, 5, entry, key, i16x8.sub(key, rank), rank);
  v128.store(slots, v128.load(entry, 16));
  store<u64>(slots, load<u64>(entry, 32), 16);
  return slots + 24;
}
