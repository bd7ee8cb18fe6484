/** Some channels of maps `[cells, C]`, in the order in which they are named: `[cells, picked.length]`. */
export function pickChannels(maps: Float32Array, channels: number, picked: readonly number[]): Float32Array {
  const cells = maps.length / channels;
  const out = new Float32Array(cells * picked.length);
  for (let i = 0, o = 0; i < cells; i++) for (const c of picked) out[o++] = maps[i * channels + c]!;
  return out;
}
