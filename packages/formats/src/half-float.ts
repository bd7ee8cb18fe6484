let table: Float32Array | undefined;

/** IEEE 754 half precision → float32, exactly. */
export function halfToFloat(halves: Uint16Array): Float32Array<ArrayBuffer> {
  table ??= everyHalf();
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = table[halves[i]!]!;
  return floats;
}

/** bfloat16 → float32, exactly: it is the upper half of one. */
export function bfloat16ToFloat(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

function everyHalf(): Float32Array {
  const floats = new Float32Array(65536);
  for (let half = 0; half < 65536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) floats[half] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) floats[half] = sign * fraction * 2 ** -24;
    else floats[half] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return floats;
}
