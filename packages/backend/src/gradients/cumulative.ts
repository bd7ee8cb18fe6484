import {
  concat,
  cumprod,
  cumsum,
  type GradConfig,
  mul,
  ones,
  slice,
  sum,
  type Tensor,
  util,
} from '@tensorflow/tfjs-core';
import { gradient } from './define';
import { float } from './reduce-to';

interface CumulativeAttributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Each factor's gradient from products that leave it out, so that a factor may be zero: n products of n factors. */
function ofProducts(dy: Tensor, x: Tensor, { axis, exclusive, reverse }: CumulativeAttributes): Tensor {
  const [along] = util.parseAxisParam(axis, x.shape) as [number];
  const count = x.shape[along]!;
  const part = (tensor: Tensor, begin: number, length: number) =>
    slice(
      tensor,
      tensor.shape.map((_, d) => (d === along ? begin : 0)),
      tensor.shape.map((n, d) => (d === along ? length : n)),
    );
  const one = ones(part(x, 0, 1).shape);
  return concat(
    Array.from({ length: count }, (_, i) => {
      const without = concat([part(x, 0, i), one, part(x, i + 1, count - i - 1)], along);
      const others = mul(cumprod(without, along, exclusive, reverse), dy);
      const skip = exclusive ? 1 : 0;
      // The products that the factor is in: those after it, or before it.
      const within = reverse ? part(others, 0, i + 1 - skip) : part(others, i + skip, count - i - skip);
      return sum(within, along, true);
    }),
    along,
  );
}

/** Running sums and products. */
export const cumulative: GradConfig[] = [
  gradient<CumulativeAttributes>('Cumsum', {}, (dy, _, { axis, exclusive, reverse }) => ({
    x: () => cumsum(dy, axis, exclusive, !reverse),
  })),
  gradient<CumulativeAttributes>('Cumprod', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => ofProducts(dy, float(x!), attributes),
  })),
];
