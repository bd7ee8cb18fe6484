/**
 * Activations with the background in front: each channel's positive part by its maximum + ε, and 1 − the largest of
 * them.
 *
 * @param maps `[cells, C]`.
 * @returns `[cells, C + 1]`.
 */
export function backgroundCam(maps: Float32Array, channels: number, epsilon: number): Float32Array {
  const cells = maps.length / channels;
  const highest = new Float32Array(channels);
  for (let i = 0, at = 0; i < cells; i++) {
    for (let c = 0; c < channels; c++, at++) if (maps[at]! > highest[c]!) highest[c] = maps[at]!;
  }
  const out = new Float32Array(cells * (channels + 1));
  for (let i = 0, at = 0, o = 0; i < cells; i++, o += channels + 1) {
    let most = 0;
    for (let c = 0; c < channels; c++, at++) {
      const value = Math.fround(Math.max(0, maps[at]!) / (highest[c]! + epsilon));
      out[o + c + 1] = value;
      most = Math.max(most, value);
    }
    out[o] = 1 - most;
  }
  return out;
}
