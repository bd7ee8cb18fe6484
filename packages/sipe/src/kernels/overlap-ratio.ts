/**
 * Intersection over union of each cell and channel: I / (Σ_j S_ij + Σ_j M_jk − I), 0 where nothing is united.
 *
 * @param common I, with the sums of S in a last column: `[cells, stride]`, stride ≥ K + 1.
 * @param cam M, `[cells, K]`.
 * @returns `[cells, K]`, the first column multiplied by `backgroundFactor`.
 */
export function overlapRatio(
  common: Float32Array | Float64Array,
  stride: number,
  cam: Float32Array,
  channels: number,
  backgroundFactor: number,
): Float32Array {
  const share = new Float64Array(channels);
  for (let at = 0; at < cam.length; ) for (let k = 0; k < channels; k++, at++) share[k]! += cam[at]!;
  const iou = new Float32Array(cam.length);
  for (let from = 0, to = 0; to < iou.length; from += stride, to += channels) {
    const structure = common[from + channels]!;
    for (let k = 0; k < channels; k++) {
      const both = common[from + k]!;
      const union = structure + share[k]! - both;
      iou[to + k] = union > 0 ? both / union : 0;
    }
    iou[to] = Math.fround(iou[to]! * backgroundFactor);
  }
  return iou;
}
