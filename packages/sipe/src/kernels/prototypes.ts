/**
 * Sums of the features at each channel's seeds, divided by the number of all cells.
 *
 * @param features `[cells, F]`.
 * @param seeds `[cells]`; numbers of `classes` and above are no seeds.
 * @returns `[classes, F]`.
 */
export function prototypes(
  features: Float32Array,
  seeds: ArrayLike<number>,
  classes: number,
  channels: number,
): Float32Array {
  const sums = new Float64Array(classes * channels);
  for (let i = 0; i < seeds.length; i++) {
    const seed = seeds[i]!;
    if (seed >= classes) continue;
    for (let f = 0, from = i * channels, to = seed * channels; f < channels; f++) sums[to + f]! += features[from + f]!;
  }
  return Float32Array.from(sums, (sum) => sum / seeds.length);
}
