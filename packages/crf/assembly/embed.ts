// Steps of the embedding for four points at a time, coordinates in locals.

/** A feature of four points, scaled. */
@inline
export function scaled(features: usize, k: u32, stride: u32, scales: usize): v128 {
  return f32x4.mul(v128.load(features + (<usize>(k * stride) << 2)), v128.load32_splat(scales + ((<usize>k) << 2)));
}

/** How far lies the nearest lattice point, in steps. */
@inline
export function multiple(elevated: v128, d: u32): v128 {
  return f32x4.nearest(f32x4.mul(elevated, f32x4.splat(<f32>1 / <f32>(d + 1))));
}

@inline
export function excess(elevated: v128, multiple: v128, d: u32): v128 {
  return f32x4.sub(elevated, f32x4.mul(multiple, f32x4.splat(<f32>(d + 1))));
}

/** What brings a rank, shifted by the sum of the multiples, back between 0 and d: 0 or ±(d + 1). */
@inline
export function move(rank: v128, d: u32): v128 {
  const period = i32x4.splat(d + 1);
  const below = v128.and(i32x4.lt_s(rank, i32x4.splat(0)), period);
  const beyond = v128.and(i32x4.gt_s(rank, i32x4.splat(d)), period);
  return i32x4.sub(below, beyond);
}

/** The coordinate of the origin of the simplex. */
@inline
export function origin(multiple: v128, moved: v128, d: u32): v128 {
  return i32x4.add(i32x4.trunc_sat_f32x4_s(f32x4.mul(multiple, f32x4.splat(<f32>(d + 1)))), moved);
}

/** The position within the simplex. */
@inline
export function inside(elevated: v128, origin: v128, d: u32): v128 {
  return f32x4.mul(f32x4.sub(elevated, f32x4.convert_i32x4_s(origin)), f32x4.splat(<f32>1 / <f32>(d + 1)));
}

/** Whether a coordinate does not fit 16 bits. */
@inline
export function tooFar(farthest: v128, d: u32): bool {
  return v128.any_true(i32x4.gt_s(farthest, i32x4.splat(32767 - (d + 1))));
}

@inline
export function larger(a: v128, b: v128): v128 {
  return f32x4.pmax(a, b);
}

@inline
export function smaller(a: v128, b: v128): v128 {
  return f32x4.pmin(a, b);
}
