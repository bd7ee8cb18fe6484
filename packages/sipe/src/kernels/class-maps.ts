/**
 * Class maps of features under a linear classifier: `out[i, c] = Σ_f features[i, f] · weights[c, f]`, in doubles.
 *
 * @param features `[cells, F]`.
 * @param weights `[C, F]`.
 * @returns `[cells, C]`.
 */
export function classMaps(features: Float32Array, weights: Float32Array, classes: number): Float32Array {
  const F = weights.length / classes;
  const out = new Float32Array((features.length / F) * classes);
  for (let start = 0, o = 0; start < features.length; start += F) {
    for (let c = 0; c < classes; c++) {
      let sum = 0;
      for (let f = 0, w = c * F; f < F; f++) sum += features[start + f]! * weights[w + f]!;
      out[o++] = sum;
    }
  }
  return out;
}
