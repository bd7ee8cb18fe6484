/** y = x where it is positive, slope · x elsewhere; x `[pixels, channels]`, one slope a channel. */
export function prelu(x: usize, slopes: usize, y: usize, pixels: i32, channels: i32): void {
  const bytes = <usize>channels << 2;
  const zero = f32x4.splat(0);
  for (let p = pixels; p > 0; p--) {
    let c: usize = 0;
    for (; c + 16 <= bytes; c += 16) {
      const value = v128.load(x + c);
      const scaled = f32x4.mul(value, v128.load(slopes + c));
      v128.store(y + c, v128.bitselect(value, scaled, f32x4.gt(value, zero)));
    }
    for (; c < bytes; c += 4) {
      const value = load<f32>(x + c);
      store<f32>(y + c, value > 0 ? value : value * load<f32>(slopes + c));
    }
    x += bytes;
    y += bytes;
  }
}

/** Rows that are summed in 32 bits before the sum is added in 64. */
const ROWS: i32 = 32;

/**
 * target[n][c] = scale · Σ over rows of x[n][row][c], `[outer, rows, columns]`.
 *
 * @param sums Room for `columns` doubles.
 */
export function sumRows(x: usize, target: usize, outer: i32, rows: i32, columns: i32, scale: f64, sums: usize): void {
  const bytes = <usize>columns << 2;
  for (let n = outer; n > 0; n--) {
    memory.fill(sums, 0, bytes << 1);
    for (let row = 0; row < rows; row += ROWS) {
      const count = min(ROWS, rows - row);
      addRows(x, count, bytes, sums);
      x += <usize>count * bytes;
    }
    for (let c: usize = 0; c < bytes; c += 4) store<f32>(target + c, <f32>(load<f64>(sums + (c << 1)) * scale));
    target += bytes;
  }
}

function addRows(x: usize, count: i32, bytes: usize, sums: usize): void {
  let c: usize = 0;
  for (; c + 64 <= bytes; c += 64) {
    let s0: v128 = f32x4.splat(0);
    let s1: v128 = f32x4.splat(0);
    let s2: v128 = f32x4.splat(0);
    let s3: v128 = f32x4.splat(0);
    let p = x + c;
    for (let i = count; i > 0; i--) {
      s0 = f32x4.add(s0, v128.load(p));
      s1 = f32x4.add(s1, v128.load(p, 16));
      s2 = f32x4.add(s2, v128.load(p, 32));
      s3 = f32x4.add(s3, v128.load(p, 48));
      p += bytes;
    }
    const to = sums + (c << 1);
    addDoubles(to, s0);
    addDoubles(to + 32, s1);
    addDoubles(to + 64, s2);
    addDoubles(to + 96, s3);
  }
  for (; c < bytes; c += 4) {
    let s: f32 = 0;
    let p = x + c;
    for (let i = count; i > 0; i--) {
      s += load<f32>(p);
      p += bytes;
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
