/** Prepends `(1 − max_c maps[i, c])^alpha`, at least 0, to every cell of `[cells, C]`. */
export function addBackground(maps: Float32Array, channels: number, alpha: number): Float32Array {
  const cells = maps.length / channels;
  const out = new Float32Array(cells * (channels + 1));
  for (let i = 0; i < cells; i++) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < channels; c++) {
      const value = maps[i * channels + c]!;
      out[i * (channels + 1) + c + 1] = value;
      highest = Math.max(highest, value);
    }
    out[i * (channels + 1)] = Math.max(0, 1 - highest) ** alpha;
  }
  return out;
}
