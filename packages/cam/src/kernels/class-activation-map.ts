/**
 * Class maps of host features: `out[i, c] = Σ_f features[i, f] · weights[c, f]`, summed in double.
 *
 * @param features `[cells, F]`.
 * @param weights `[C, F]`.
 * @returns `[cells, C]`.
 */
export function classActivationMap(features: ArrayLike<number>, weights: Float32Array, classes: number): Float32Array {
  const F = weights.length / classes;
  const cells = features.length / F;
  const out = new Float32Array(cells * classes);
  for (let i = 0; i < cells; i++) {
    for (let c = 0; c < classes; c++) {
      let sum = 0;
      for (let f = 0, a = i * F, b = c * F; f < F; f++) sum += features[a + f]! * weights[b + f]!;
      out[i * classes + c] = sum;
    }
  }
  return out;
}
