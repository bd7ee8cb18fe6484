/** Rows that are summed in 32 bits before the sum is added in 64. */
const ROWS: i32 = 32;

/**
 * target[c] = Σ over pixels of dy · (x − mean): what the scale of a batch norm has for a gradient.
 *
 * @param sums Room for `channels` doubles.
 */
export function centredProducts(
  dy: usize,
  x: usize,
  mean: usize,
  target: usize,
  pixels: i32,
  channels: i32,
  sums: usize,
): void {
  const bytes = <usize>channels << 2;
  memory.fill(sums, 0, bytes << 1);
  for (let row = 0; row < pixels; row += ROWS) {
    const count = min(ROWS, pixels - row);
    addProducts(dy, x, mean, count, bytes, sums);
    dy += <usize>count * bytes;
    x += <usize>count * bytes;
  }
  for (let c: usize = 0; c < bytes; c += 4) store<f32>(target + c, <f32>load<f64>(sums + (c << 1)));
}

function addProducts(dy: usize, x: usize, mean: usize, count: i32, bytes: usize, sums: usize): void {
  let c: usize = 0;
  for (; c + 32 <= bytes; c += 32) {
    const m0 = v128.load(mean + c);
    const m1 = v128.load(mean + c, 16);
    let s0: v128 = f32x4.splat(0);
    let s1: v128 = f32x4.splat(0);
    let p = x + c;
    let q = dy + c;
    for (let i = count; i > 0; i--) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(q), f32x4.sub(v128.load(p), m0)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(q, 16), f32x4.sub(v128.load(p, 16), m1)));
      p += bytes;
      q += bytes;
    }
    addDoubles(sums + (c << 1), s0);
    addDoubles(sums + (c << 1) + 32, s1);
  }
  for (; c < bytes; c += 4) {
    const m = load<f32>(mean + c);
    let s: f32 = 0;
    let p = x + c;
    let q = dy + c;
    for (let i = count; i > 0; i--) {
      s += load<f32>(q) * (load<f32>(p) - m);
      p += bytes;
      q += bytes;
    }
    store<f64>(sums + (c << 1), load<f64>(sums + (c << 1)) + <f64>s);
  }
}

@inline
function addDoubles(to: usize, s: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(s)));
  const high = v128.shuffle<f32>(s, s, 2, 3, 2, 3);
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16);
}
