/** Divides each cell's vector of features `[cells, F]` by its norm + ε, in place. */
export function normalizeCells(features: Float32Array, channels: number, epsilon: number): void {
  normalizeInto(features, features, channels, epsilon, channels, 0);
}

/** The same, written to channels `first` … of maps with `stride` channels. */
export function normalizeInto(
  out: Float32Array,
  features: Float32Array,
  channels: number,
  epsilon: number,
  stride: number,
  first: number,
): void {
  for (let start = 0, to = first; start < features.length; start += channels, to += stride) {
    let squares = 0;
    for (let f = 0; f < channels; f++) squares += features[start + f]! * features[start + f]!;
    const norm = Math.sqrt(squares) + epsilon;
    for (let f = 0; f < channels; f++) out[to + f] = features[start + f]! / norm;
  }
}
