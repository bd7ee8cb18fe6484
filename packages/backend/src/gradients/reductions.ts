import {
  cast,
  cumprod,
  div,
  equal,
  type GradConfig,
  mul,
  reshape,
  sum,
  type Tensor,
  transpose,
  util,
} from '@tensorflow/tfjs-core';
import { gradient } from './define';
import { float, spread } from './reduce-to';

interface Axes {
  axis?: number | number[];
  reductionIndices?: number | number[];
}

function axesOf({ axis, reductionIndices }: Axes, shape: number[]): number[] {
  return util.parseAxisParam(axis ?? reductionIndices ?? shape.map((_, i) => i), shape);
}

function kept(tensor: Tensor, shape: number[], axes: number[]): Tensor {
  return reshape(
    tensor,
    shape.map((n, i) => (axes.includes(i) ? 1 : n)),
  );
}

/** The gradient goes to the extreme values; equal ones share it, as in TensorFlow and torch's `amax`. */
function toExtremes(dy: Tensor, x: Tensor, y: Tensor, axes: number[]): Tensor {
  const mask = cast(equal(x, kept(y, x.shape, axes)), 'float32');
  return mul(mask, div(kept(dy, x.shape, axes), sum(mask, axes, true)));
}

/** The product of all the others, without a division: some may be zero. */
function ofProduct(dy: Tensor, x: Tensor, axes: number[]): Tensor {
  const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...rest, ...axes];
  const moved = transpose(x, order);
  const rows = reshape(moved, [-1, util.sizeFromShape(axes.map((i) => x.shape[i]!))]);
  const others = mul(cumprod(rows, 1, true, false), cumprod(rows, 1, true, true));
  const back = order.map((_, i) => order.indexOf(i));
  return mul(transpose(reshape(others, moved.shape), back), kept(dy, x.shape, axes));
}

/** Sums, means, extremes and products over axes. */
export const reductions: GradConfig[] = [
  gradient<Axes>('Sum', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => spread(kept(dy, x!.shape, axesOf(attributes, x!.shape)), x!.shape),
  })),
  gradient<Axes>('Mean', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => {
      const axes = axesOf(attributes, x!.shape);
      const count = util.sizeFromShape(axes.map((i) => x!.shape[i]!));
      return spread(kept(mul(dy, 1 / count), x!.shape, axes), x!.shape);
    },
  })),
  ...['Max', 'Min'].map((name) =>
    gradient<Axes>(name, { inputs: ['x'], outputs: [true] }, (dy, [x, y], attributes) => ({
      x: () => toExtremes(dy, x!, y!, axesOf(attributes, x!.shape)),
    })),
  ),
  gradient<Axes>('Prod', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => ofProduct(dy, float(x!), axesOf(attributes, x!.shape)),
  })),
];
