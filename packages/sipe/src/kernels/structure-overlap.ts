/** How much each cell's structure and each channel share, without the structure map. */
export interface StructureOverlap {
  /** Σ_j S_ij · M_jk (or of the smaller of both), and in column K Σ_j S_ij: `[cells, stride]`. */
  readonly common: Float32Array | Float64Array;
  readonly stride: number;
}

/**
 * The plain form of what the WebAssembly engine computes, in doubles.
 *
 * Where no feature is negative, no cosine is, and the sums change places: Σ_j S_ij M_jk = f_i · Σ_j f_j M_jk. Elsewhere
 * each pair of cells is visited once, for both of its directions; no more than one value of the map is held.
 *
 * @param directions Normalised features, `[cells, F]`.
 * @param cam `[cells, K]`.
 */
export function structureOverlap(
  directions: Float32Array,
  cam: Float32Array,
  channels: number,
  overlap: 'product' | 'minimum',
): StructureOverlap {
  const cells = cam.length / channels;
  if (overlap === 'product' && !directions.some((value) => value < 0)) {
    return { common: exchanged(directions, cam, cells, channels), stride: channels + 1 };
  }
  const F = directions.length / cells;
  const stride = channels + 1;
  const common = new Float64Array(cells * stride);
  const give = (to: number, from: number, likeness: number) => {
    const [row, source] = [to * stride, from * channels];
    for (let k = 0; k < channels; k++) {
      const activation = cam[source + k]!;
      common[row + k]! += overlap === 'product' ? likeness * activation : Math.min(likeness, activation);
    }
    common[row + channels]! += likeness;
  };
  for (let i = 0; i < cells; i++) {
    for (let j = i; j < cells; j++) {
      let likeness = 0;
      for (let f = 0, a = i * F, b = j * F; f < F; f++) likeness += directions[a + f]! * directions[b + f]!;
      if (likeness <= 0) continue;
      give(i, j, likeness);
      if (j > i) give(j, i, likeness);
    }
  }
  return { common, stride };
}

function exchanged(directions: Float32Array, cam: Float32Array, cells: number, channels: number): Float64Array {
  const F = directions.length / cells;
  const stride = channels + 1;
  const sums = new Float64Array(F * stride);
  const common = new Float64Array(cells * stride);
  for (let j = 0; j < cells; j++) {
    for (let f = 0, at = 0; f < F; f++) {
      const value = directions[j * F + f]!;
      for (let k = 0; k < channels; k++, at++) sums[at]! += value * cam[j * channels + k]!;
      sums[at++]! += value;
    }
  }
  for (let i = 0; i < cells; i++) {
    const row = i * stride;
    for (let f = 0, at = 0; f < F; f++) {
      const value = directions[i * F + f]!;
      for (let k = 0; k < stride; k++, at++) common[row + k]! += value * sums[at]!;
    }
  }
  return common;
}
