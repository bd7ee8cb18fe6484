/**
 * For each output position of one axis, the input that torch's nearest resize takes: floor(d · from / to).
 *
 * torch multiplies in float32, so that the product can fall just short of a whole number; so does this.
 */
export function nearestIndices(from: number, to: number): Int32Array {
  const ratio = Math.fround(from / to);
  const indices = new Int32Array(to);
  for (let d = 0; d < to; d++) indices[d] = Math.min(Math.floor(Math.fround(d * ratio)), from - 1);
  return indices;
}
