/** Divides each cell's vector of features `[cells, F]` by its norm + ε, in place. */
export function normalizeCells(features: Float32Array, channels: number, epsilon: number): void {
  for (let start = 0; start < features.length; start += channels) {
    let squares = 0;
    for (let at = start; at < start + channels; at++) squares += features[at]! ** 2;
    const norm = Math.sqrt(squares) + epsilon;
    for (let at = start; at < start + channels; at++) features[at] = features[at]! / norm;
  }
}
