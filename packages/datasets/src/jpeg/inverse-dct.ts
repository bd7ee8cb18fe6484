const w = new Int32Array(64);

/**
 * Dequantises a block and transforms it back to 8 × 8 samples 0..255, in whole numbers: bit for bit what libjpeg's
 * accurate transform gives, and so what Pillow, OpenCV and torchvision read.
 *
 * @param coefficients Row-major (not zigzag), the block at `from`.
 * @param samples A plane of `stride` samples a row, the block's corner at `to`.
 *
 * Source: Loeffler, Ligtenberg & Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications" (ICASSP 1989),
 * constants scaled by 2¹³; two more bits are kept between the passes.
 */
export function inverseDct(
  coefficients: Int16Array,
  from: number,
  quantisation: Uint16Array,
  samples: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  let others = 0;
  for (let i = 1; i < 64; i++) others |= coefficients[from + i]!;
  if (others === 0) {
    const value = ((Math.imul(coefficients[from]!, quantisation[0]!) + 4) >> 3) + 128;
    for (let y = 0; y < 8; y++, to += stride) samples.fill(value, to, to + 8);
    return;
  }
  for (let i = 0; i < 64; i++) w[i] = Math.imul(coefficients[from + i]!, quantisation[i]!);
  for (let x = 0; x < 8; x++) transform(x, 8, 11);
  for (let y = 0; y < 64; y += 8) transform(y, 1, 18);
  for (let y = 0; y < 64; y += 8, to += stride) {
    for (let x = 0; x < 8; x++) samples[to + x] = w[y + x]! + 128; // clamped by the array
  }
}

/** One dimension of eight values `step` apart, in place; the result's scale, 2¹³ · √8, is lessened by 2^shift. */
function transform(at: number, step: number, shift: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const half = 1 << (shift - 1);
  const c0 = w[at]!;
  const c1 = w[i1]!;
  const c2 = w[i2]!;
  const c3 = w[i3]!;
  const c4 = w[i4]!;
  const c5 = w[i5]!;
  const c6 = w[i6]!;
  const c7 = w[i7]!;

  // even part: the constants are √2·cos(6π/16), and its sums with √2·cos(2π/16)
  const turn = Math.imul(c2 + c6, 4433);
  const e2 = turn - Math.imul(c6, 15137);
  const e3 = turn + Math.imul(c2, 6270);
  const e0 = ((c0 + c4) << 13) + half;
  const e1 = ((c0 - c4) << 13) + half;
  const s0 = e0 + e3;
  const s3 = e0 - e3;
  const s1 = e1 + e2;
  const s2 = e1 - e2;

  // odd part
  const common = Math.imul(c7 + c3 + c5 + c1, 9633);
  const a = Math.imul(c7 + c1, -7373);
  const b = Math.imul(c5 + c3, -20995);
  const d = Math.imul(c7 + c3, -16069) + common;
  const e = Math.imul(c5 + c1, -3196) + common;
  const o0 = Math.imul(c7, 2446) + a + d;
  const o1 = Math.imul(c5, 16819) + b + e;
  const o2 = Math.imul(c3, 25172) + b + d;
  const o3 = Math.imul(c1, 12299) + a + e;

  w[at] = (s0 + o3) >> shift;
  w[i7] = (s0 - o3) >> shift;
  w[i1] = (s1 + o2) >> shift;
  w[i6] = (s1 - o2) >> shift;
  w[i2] = (s2 + o1) >> shift;
  w[i5] = (s2 - o1) >> shift;
  w[i3] = (s3 + o0) >> shift;
  w[i4] = (s3 - o0) >> shift;
}
