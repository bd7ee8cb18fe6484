const workspace = new Int32Array(64);

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
  samples: Uint8Array,
  to: number,
  stride: number,
): void {
  for (let x = 0; x < 8; x++) column(coefficients, from + x, quantisation, x);
  for (let y = 0; y < 8; y++) row(y * 8, samples, to + y * stride);
}

function column(c: Int16Array, at: number, q: Uint16Array, x: number): void {
  const dc = Math.imul(c[at]!, q[x]!);
  if (!(c[at + 8] || c[at + 16] || c[at + 24] || c[at + 32] || c[at + 40] || c[at + 48] || c[at + 56])) {
    const value = dc << 2;
    for (let y = 0; y < 64; y += 8) workspace[y + x] = value;
    return;
  }
  transform(
    dc,
    Math.imul(c[at + 8]!, q[x + 8]!),
    Math.imul(c[at + 16]!, q[x + 16]!),
    Math.imul(c[at + 24]!, q[x + 24]!),
    Math.imul(c[at + 32]!, q[x + 32]!),
    Math.imul(c[at + 40]!, q[x + 40]!),
    Math.imul(c[at + 48]!, q[x + 48]!),
    Math.imul(c[at + 56]!, q[x + 56]!),
  );
  for (let y = 0; y < 8; y++) workspace[y * 8 + x] = (result[y]! + (1 << 10)) >> 11;
}

function row(at: number, samples: Uint8Array, to: number): void {
  const w = workspace;
  transform(w[at]!, w[at + 1]!, w[at + 2]!, w[at + 3]!, w[at + 4]!, w[at + 5]!, w[at + 6]!, w[at + 7]!);
  for (let x = 0; x < 8; x++) {
    const value = ((result[x]! + (1 << 17)) >> 18) + 128;
    samples[to + x] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

const result = new Int32Array(8);

/** One dimension, eight values; the result is scaled by 2¹³ · √8. */
function transform(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  c4: number,
  c5: number,
  c6: number,
  c7: number,
): void {
  // even part: the constants are √2·cos(6π/16) and its sums with √2·cos(2π/16)
  const turn = Math.imul(c2 + c6, 4433);
  const e2 = turn - Math.imul(c6, 15137);
  const e3 = turn + Math.imul(c2, 6270);
  const e0 = (c0 + c4) << 13;
  const e1 = (c0 - c4) << 13;
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

  result[0] = s0 + o3;
  result[7] = s0 - o3;
  result[1] = s1 + o2;
  result[6] = s1 - o2;
  result[2] = s2 + o1;
  result[5] = s2 - o1;
  result[3] = s3 + o0;
  result[4] = s3 - o0;
}
