// Where points lie in the permutohedral lattice: four at a time, in the reference's order of operations, so that every
// point gets the same simplex. (Adams, Baek & Davis 2010, section 3.) For pixels (2 or 5 features) see locate-two.ts
// and locate-five.ts; here any number up to 8.
import { locateFive } from './locate-five';
import { locateTwo } from './locate-two';
import { enter } from './simplices';
import { DIMENSIONS, full, OVERFLOW, SCALES, SCRATCH } from './table';

// Parts of the scratch memory, in bytes; each holds up to nine vectors.
const ELEVATED: usize = 0;
const ORIGIN: usize = 144;
const RANK: usize = 288;
const EXCESS: usize = 432;
const ORIGIN_KEY: usize = 576;
const RANK_KEY: usize = 592;
const SORTED: usize = 608;

/**
 * Locates `count` points whose feature k lies at `features + 4 · (k · stride + i)`; room up to the next multiple of 4
 * is read too.
 *
 * @param slots `[count, d + 1]`: the vertices around each point.
 * @param weights `[count, d + 1]`: their barycentric weights. Up to 72 bytes behind
 *   them are written.
 * @returns How many were located before the table was full.
 */
export function locate(state: usize, features: usize, stride: u32, count: u32, slots: usize, weights: usize): u32 {
  const d = load<u32>(state, DIMENSIONS);
  if (d == 2) return locateTwo(state, features, stride, count, slots, weights);
  if (d == 5) return locateFive(state, features, stride, count, slots, weights);
  const scratch = <usize>load<u32>(state, SCRATCH);
  // Unused lanes of the keys stay 0.
  v128.store(scratch + ORIGIN_KEY, i16x8.splat(0));
  v128.store(scratch + RANK_KEY, i16x8.splat(0));
  const corners = <usize>(d + 1) << 2;
  for (let i: u32 = 0; i < count; i += 4) {
    if (full(state)) return i;
    embed(state, scratch, d, features + ((<usize>i) << 2), stride);
    const lanes = min<u32>(4, count - i);
    for (let lane: u32 = 0; lane < lanes; lane++) {
      weigh(scratch + ((<usize>lane) << 2), scratch + SORTED, d, weights);
      for (let k: u32 = 0; k < d; k++) {
        const at = scratch + ((<usize>k) << 4) + ((<usize>lane) << 2);
        store<i16>(scratch + ((<usize>k) << 1), <i16>load<i32>(at, ORIGIN), ORIGIN_KEY);
        store<i16>(scratch + ((<usize>k) << 1), <i16>load<i32>(at, RANK), RANK_KEY);
      }
      enter(state, d, v128.load(scratch, ORIGIN_KEY), v128.load(scratch, RANK_KEY), slots);
      slots += corners;
      weights += corners;
    }
  }
  return count;
}

/** Steps 1 to 5 for four points: elevated coordinates, nearest lattice point, ranks. */
function embed(state: usize, scratch: usize, d: u32, features: usize, stride: u32): void {
  const scales = <usize>load<u32>(state, SCALES);
  let sum = f32x4.splat(0);
  for (let i = d; i > 0; i--) {
    const scale = v128.load32_splat(scales + ((<usize>i - 1) << 2));
    const scaled = f32x4.mul(v128.load(features + (<usize>(i - 1) * <usize>stride << 2)), scale);
    v128.store(scratch + ((<usize>i) << 4), f32x4.sub(sum, f32x4.mul(f32x4.splat(<f32>i), scaled)), ELEVATED);
    sum = f32x4.add(sum, scaled);
  }
  v128.store(scratch, sum, ELEVATED);

  const reciprocal = f32x4.splat(<f32>1 / <f32>(d + 1));
  const period = f32x4.splat(<f32>(d + 1));
  let above = f32x4.splat(0);
  for (let i: u32 = 0; i <= d; i++) {
    const at = scratch + ((<usize>i) << 4);
    const elevated = v128.load(at, ELEVATED);
    const multiple = f32x4.nearest(f32x4.mul(elevated, reciprocal));
    const origin = f32x4.mul(multiple, period);
    above = f32x4.add(above, multiple);
    v128.store(at, origin, ORIGIN);
    v128.store(at, f32x4.sub(elevated, origin), EXCESS);
    v128.store(at, i32x4.splat(0), RANK);
  }

  for (let i: u32 = 0; i < d; i++) {
    const at = scratch + ((<usize>i) << 4);
    const excess = v128.load(at, EXCESS);
    let rank = v128.load(at, RANK);
    for (let j = i + 1; j <= d; j++) {
      const other = scratch + ((<usize>j) << 4);
      // All ones, −1, where this one lies lower.
      const lower = f32x4.lt(excess, v128.load(other, EXCESS));
      rank = i32x4.sub(rank, lower);
      v128.store(other, i32x4.add(i32x4.add(v128.load(other, RANK), lower), i32x4.splat(1)), RANK);
    }
    v128.store(at, rank, RANK);
  }

  // Back onto the plane, from `above` steps away.
  const shift = i32x4.trunc_sat_f32x4_s(above);
  const steps = i32x4.splat(d + 1);
  let farthest = i32x4.splat(0);
  for (let i: u32 = 0; i <= d; i++) {
    const at = scratch + ((<usize>i) << 4);
    let rank = i32x4.add(v128.load(at, RANK), shift);
    const below = v128.and(i32x4.lt_s(rank, i32x4.splat(0)), steps);
    const beyond = v128.and(i32x4.gt_s(rank, i32x4.splat(d)), steps);
    const move = i32x4.sub(below, beyond);
    rank = i32x4.add(rank, move);
    const origin = i32x4.add(i32x4.trunc_sat_f32x4_s(v128.load(at, ORIGIN)), move);
    farthest = i32x4.max_s(farthest, i32x4.abs(origin));
    v128.store(at, rank, RANK);
    v128.store(at, origin, ORIGIN);
    const excess = f32x4.sub(v128.load(at, ELEVATED), f32x4.convert_i32x4_s(origin));
    v128.store(at, f32x4.mul(excess, reciprocal), EXCESS);
  }
  if (v128.any_true(i32x4.gt_s(farthest, i32x4.splat(32767 - (d + 1))))) store<u32>(state, 1, OVERFLOW);
}

/** Step 6: the barycentric weights of one point. */
@inline
function weigh(lane: usize, sorted: usize, d: u32, weights: usize): void {
  for (let i: u32 = 0; i <= d; i++) {
    const at = lane + ((<usize>i) << 4);
    store<f32>(sorted + ((<usize>load<u32>(at, RANK)) << 2), load<f32>(at, EXCESS));
  }
  store<f32>(weights, <f32>1 + load<f32>(sorted + ((<usize>d) << 2)) - load<f32>(sorted));
  for (let r: u32 = 1; r <= d; r++) {
    const at = sorted + ((<usize>(d - r)) << 2);
    store<f32>(weights + ((<usize>r) << 2), load<f32>(at) - load<f32>(at, 4));
  }
}

