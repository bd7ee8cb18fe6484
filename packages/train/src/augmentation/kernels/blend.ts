/**
 * `from + factor · (to − from)` per byte, as Pillow blends: in float32, cut to whole numbers, clipped outside 0..1.
 *
 * @param from A value for all bytes, or one per pixel of three.
 */
export function blend(from: number | Uint8Array, to: Uint8Array, factor: number): Uint8Array {
  const alpha = Math.fround(factor);
  const out = new Uint8Array(to.length);
  for (let i = 0; i < to.length; i++) {
    const base = typeof from === 'number' ? from : from[Math.floor(i / 3)]!;
    const value = Math.fround(base + Math.fround(alpha * (to[i]! - base)));
    out[i] = Math.min(Math.max(value, 0), 255);
  }
  return out;
}
