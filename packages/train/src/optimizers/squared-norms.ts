import {
  add,
  div,
  minimum,
  mul,
  type Scalar,
  sqrt,
  square,
  stack,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';

/** ‖g‖² of each gradient, in order. */
export function squaredNorms(gradients: readonly Tensor[]): Tensor1D {
  return tidy(() => {
    // In two stages, so that a long float32 sum does not lose its small addends.
    const sums = gradients
      .map((gradient) => square(gradient))
      .map((squares) => sum(squares.rank > 1 ? sum(squares, -1) : squares));
    return stack(sums) as Tensor1D;
  });
}

/** g · min(1, maxNorm / (‖all g‖ + 1e-6)), and that norm. */
export function scaleToNorm(
  gradients: Readonly<Record<string, Tensor>>,
  squares: Tensor1D,
  maxNorm: number,
): { gradients: Record<string, Tensor>; norm: Scalar } {
  return tidy(() => {
    const norm = sqrt(sum(squares)) as Scalar;
    const factor = minimum(1, div(maxNorm, add(norm, 1e-6)));
    const scaled = Object.fromEntries(Object.entries(gradients).map(([name, value]) => [name, mul(value, factor)]));
    return { gradients: scaled, norm };
  });
}
