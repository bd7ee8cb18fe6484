/** Maps of channels `[cells, F]` added up with a weight each, `[cells]`; in double. */
export function weightedSum(activations: Float32Array, weights: ArrayLike<number>): Float32Array {
  const F = weights.length;
  const map = new Float32Array(activations.length / F);
  for (let i = 0; i < map.length; i++) {
    let sum = 0;
    for (let f = 0; f < F; f++) sum += weights[f]! * activations[i * F + f]!;
    map[i] = sum;
  }
  return map;
}

/** For each channel of `[cells, F]`, the sum over its cells; `term` is given the flat index. */
export function channelSums(length: number, channels: number, term: (i: number) => number): Float64Array {
  const sums = new Float64Array(channels);
  for (let i = 0; i < length; i++) sums[i % channels]! += term(i);
  return sums;
}
