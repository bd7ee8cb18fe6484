/** The shape of a parameter in torch: `[kh, kw, I, O]` → `[O, I, kh, kw]`, `[F, C]` → `[C, F]`, vectors as they are. */
export function torchShape(shape: readonly number[]): number[] {
  if (shape.length === 4) return [shape[3]!, shape[2]!, shape[0]!, shape[1]!];
  return shape.length === 2 ? [shape[1]!, shape[0]!] : [...shape];
}

/**
 * Values in torch's layout → ours. Grouped filters need nothing special: torch's `[O, I / groups, kh, kw]` becomes
 * `[kh, kw, I / groups, O]`.
 *
 * @param shape Ours.
 */
export function fromTorch(values: Float32Array, shape: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  eachPlace(shape, (theirs, ours) => {
    result[ours] = values[theirs]!;
  });
  return result;
}

/** Values in our layout → torch's. */
export function toTorch(values: Float32Array, shape: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  eachPlace(shape, (theirs, ours) => {
    result[theirs] = values[ours]!;
  });
  return result;
}

/** Calls with the index of every value in torch's layout `[O, I, taps]` and in ours `[taps, I, O]`. */
function eachPlace(shape: readonly number[], place: (theirs: number, ours: number) => void): void {
  const matrix = shape.length === 2 || shape.length === 4;
  const outputs = matrix ? shape.at(-1)! : 1;
  const inputs = matrix ? shape.at(-2)! : 1;
  const taps = shape.reduce((product, n) => product * n, 1) / (outputs * inputs);
  // In tiles that fit the cache on both sides: read or written in a row, each cache line is used whole.
  const [tileO, tileI] = [64, 8];
  for (let o0 = 0; o0 < outputs; o0 += tileO) {
    const o1 = Math.min(o0 + tileO, outputs);
    for (let i0 = 0; i0 < inputs; i0 += tileI) {
      const i1 = Math.min(i0 + tileI, inputs);
      for (let o = o0; o < o1; o++) {
        for (let i = i0; i < i1; i++) {
          const row = (o * inputs + i) * taps;
          for (let t = 0; t < taps; t++) place(row + t, (t * inputs + i) * outputs + o);
        }
      }
    }
  }
}
