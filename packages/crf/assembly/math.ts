/**
 * eˣ for x ≤ 0, relative error 3e-7 near 0 and 4e-6 near −60; exactly 0 below −59, so that no denormals arise.
 * 2^(n + f): n by adding 1.5 · 2²³, which rounds and leaves n in the low bits; 2^f by a minimax polynomial.
 */
@inline
export function exp4(x: v128): v128 {
  const limit = f32x4.splat(-86);
  const t = f32x4.mul(x, f32x4.splat(1.44269504));
  const clamped = f32x4.pmax(limit, t);
  const shifted = f32x4.add(clamped, f32x4.splat(12582912));
  const f = f32x4.sub(clamped, f32x4.sub(shifted, f32x4.splat(12582912)));
  let p = f32x4.splat(0.001327647129073739);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.009675540961325169));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.05550713092088699));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.24022120237350464));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.6931469440460205));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(p, power), f32x4.gt(t, limit));
}

/** ln x for normal x > 0, to 1 ulp: x = 2ⁿ · m with m in [√½, √2), then a polynomial in m − 1. */
@inline
export function log4(x: v128): v128 {
  // √½ as bits: what lies above it in the exponent's steps is n.
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const n = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(m, f32x4.splat(1));
  const square = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, f), square);
  // ln 2 in two parts, the first exact when multiplied by n.
  p = f32x4.add(p, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  p = f32x4.sub(p, f32x4.mul(square, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(f, p), f32x4.mul(n, f32x4.splat(0.693359375)));
}
