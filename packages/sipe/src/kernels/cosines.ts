/**
 * The positive part of the cosine between each cell and each prototype, norms of at least ε.
 *
 * @param features `[cells, F]`.
 * @param prototypes `[K, F]`.
 * @returns `[cells, K]`.
 */
export function cosines(
  features: Float32Array,
  prototypes: Float32Array,
  channels: number,
  epsilon: number,
): Float32Array {
  const cells = features.length / channels;
  const classes = prototypes.length / channels;
  const units = unitRows(prototypes, channels, epsilon);
  const out = new Float32Array(cells * classes);
  for (let i = 0; i < cells; i++) {
    const start = i * channels;
    let squares = 0;
    for (let f = 0; f < channels; f++) squares += features[start + f]! * features[start + f]!;
    const norm = Math.max(epsilon, Math.sqrt(squares));
    for (let k = 0; k < classes; k++) {
      let sum = 0;
      for (let f = 0, at = k * channels; f < channels; f++, at++) sum += features[start + f]! * units[at]!;
      out[i * classes + k] = Math.max(0, sum / norm);
    }
  }
  return out;
}

/** Vectors `[n, F]` divided by their norm, or by ε where that is smaller. */
export function unitRows(rows: Float32Array, channels: number, epsilon: number): Float32Array {
  const units = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += channels) {
    let squares = 0;
    for (let f = 0; f < channels; f++) squares += rows[start + f]! * rows[start + f]!;
    const norm = Math.max(epsilon, Math.sqrt(squares));
    for (let f = 0; f < channels; f++) units[start + f] = rows[start + f]! / norm;
  }
  return units;
}
