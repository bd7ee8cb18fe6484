/** Whether a variable's dimensions come in another order than torch's: filters and matrices do, vectors do not. */
const order = (rank: number): readonly number[] =>
  rank === 4 ? [2, 3, 1, 0] : rank === 2 ? [1, 0] : [...Array(rank).keys()];

/** The shape of a parameter in torch: `[kh, kw, I, O]` → `[O, I, kh, kw]`, `[F, C]` → `[C, F]`. */
export function torchShape(shape: readonly number[]): number[] {
  const result = new Array<number>(shape.length);
  order(shape.length).forEach((from, to) => {
    result[from] = shape[to]!;
  });
  return result;
}

/**
 * Values in torch's layout → ours. Grouped filters need nothing special: torch's `[O, I / groups, kh, kw]` becomes
 * `[kh, kw, I / groups, O]`.
 *
 * @param shape Ours.
 */
export function fromTorch(values: Float32Array, shape: readonly number[]): Float32Array {
  return permuted(values, torchShape(shape), order(shape.length));
}

/** Values in our layout → torch's. */
export function toTorch(values: Float32Array, shape: readonly number[]): Float32Array {
  const back = new Array<number>(shape.length);
  order(shape.length).forEach((from, to) => {
    back[from] = to;
  });
  return permuted(values, shape, back);
}

/** result[i₀, i₁, …] = values[…], where dimension d of the result is dimension axes[d] of the values. */
function permuted(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  if (axes.every((from, to) => from === to)) return values.slice();
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1));
  // Padded to four dimensions, so that one nest of loops serves filters and matrices.
  const sizes = [...Array(4 - axes.length).fill(1), ...axes.map((from) => shape[from]!)] as [
    number,
    number,
    number,
    number,
  ];
  const steps = [...Array(4 - axes.length).fill(0), ...axes.map((from) => strides[from]!)] as [
    number,
    number,
    number,
    number,
  ];
  const result = new Float32Array(values.length);
  let at = 0;
  for (let a = 0; a < sizes[0]; a++) {
    for (let b = 0; b < sizes[1]; b++) {
      for (let c = 0; c < sizes[2]; c++) {
        let from = a * steps[0] + b * steps[1] + c * steps[2];
        for (let d = 0; d < sizes[3]; d++, from += steps[3]) result[at++] = values[from]!;
      }
    }
  }
  return result;
}
