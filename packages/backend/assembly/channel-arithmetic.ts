// x is `[groups, rows, channels]`; what it meets is one value for each channel, the same for all groups or one for each.

/** What is done: f32 adds, f64 subtracts, i32 subtracts from the channel's value, i64 multiplies. */
@inline
function both<Operation>(x: v128, v: v128): v128 {
  if (isFloat<Operation>()) return sizeof<Operation>() === 4 ? f32x4.add(x, v) : f32x4.sub(x, v);
  return sizeof<Operation>() === 4 ? f32x4.sub(v, x) : f32x4.mul(x, v);
}

@inline
function one<Operation>(x: f32, v: f32): f32 {
  if (isFloat<Operation>()) return sizeof<Operation>() === 4 ? x + v : x - v;
  return sizeof<Operation>() === 4 ? v - x : x * v;
}

function rowsWith<Operation>(x: usize, values: usize, y: usize, rows: i32, bytes: usize): void {
  for (let row = rows; row > 0; row--) {
    let c: usize = 0;
    for (; c + 32 <= bytes; c += 32) {
      v128.store(y + c, both<Operation>(v128.load(x + c), v128.load(values + c)));
      v128.store(y + c, both<Operation>(v128.load(x + c, 16), v128.load(values + c, 16)), 16);
    }
    for (; c + 16 <= bytes; c += 16) v128.store(y + c, both<Operation>(v128.load(x + c), v128.load(values + c)));
    for (; c < bytes; c += 4) store<f32>(y + c, one<Operation>(load<f32>(x + c), load<f32>(values + c)));
    x += bytes;
    y += bytes;
  }
}

/**
 * y = x ∘ values.
 *
 * @param operation 0: x + v, 1: x − v, 2: v − x, 3: x · v.
 * @param step Bytes between the values of two groups: 0 where all have the same.
 */
export function channelArithmetic(
  operation: i32,
  x: usize,
  values: usize,
  y: usize,
  groups: i32,
  rows: i32,
  channels: i32,
  step: i32,
): void {
  const bytes = <usize>channels << 2;
  const group = <usize>rows * bytes;
  for (let g = groups; g > 0; g--) {
    if (operation === 0) rowsWith<f32>(x, values, y, rows, bytes);
    else if (operation === 1) rowsWith<f64>(x, values, y, rows, bytes);
    else if (operation === 2) rowsWith<i32>(x, values, y, rows, bytes);
    else rowsWith<i64>(x, values, y, rows, bytes);
    x += group;
    y += group;
    values += step;
  }
}

/**
 * y = x · s + t, with s = scale / √(variance + ε) and t = offset − mean · s.
 *
 * @param offset Its address, or 0 for zeros.
 * @param scale Its address, or 0 for ones.
 * @param factors Room for s and t.
 */
export function batchNorm(
  x: usize,
  mean: usize,
  variance: usize,
  offset: usize,
  scale: usize,
  epsilon: f64,
  y: usize,
  pixels: i32,
  channels: i32,
  factors: usize,
): void {
  const bytes = <usize>channels << 2;
  const terms = factors + bytes;
  for (let c: usize = 0; c < bytes; c += 4) {
    const s = (scale ? <f64>load<f32>(scale + c) : 1) / Math.sqrt(<f64>load<f32>(variance + c) + epsilon);
    store<f32>(factors + c, <f32>s);
    store<f32>(terms + c, <f32>((offset ? <f64>load<f32>(offset + c) : 0) - <f64>load<f32>(mean + c) * s));
  }
  for (let p = pixels; p > 0; p--) {
    let c: usize = 0;
    for (; c + 16 <= bytes; c += 16) {
      v128.store(y + c, f32x4.add(f32x4.mul(v128.load(x + c), v128.load(factors + c)), v128.load(terms + c)));
    }
    for (; c < bytes; c += 4) store<f32>(y + c, load<f32>(x + c) * load<f32>(factors + c) + load<f32>(terms + c));
    x += bytes;
    y += bytes;
  }
}

/** target = dy where 0 < y < high, and 0 elsewhere: the gradient of ReLU and ReLU6. */
export function boundedGradient(dy: usize, y: usize, target: usize, size: i32, high: f32): void {
  const bytes = <usize>size << 2;
  const zero = f32x4.splat(0);
  const most = f32x4.splat(high);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(y + i);
    const inside = v128.and(f32x4.gt(value, zero), f32x4.lt(value, most));
    v128.store(target + i, v128.and(v128.load(dy + i), inside));
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(y + i);
    store<f32>(target + i, value > 0 && value < high ? load<f32>(dy + i) : 0);
  }
}
