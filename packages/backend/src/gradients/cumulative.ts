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
  zerosLike,
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
      // The products that the factor is in: those after it, or before it. Empty slices are not what wasm is good at.
      const first = reverse ? 0 : i + (exclusive ? 1 : 0);
      const length = reverse ? i + (exclusive ? 0 : 1) : count - first;
      if (length === 0) return zerosLike(one);
      const before = i > 0 ? [part(x, 0, i)] : [];
      const after = i + 1 < count ? [part(x, i + 1, count - i - 1)] : [];
      const others = cumprod(concat([...before, one, ...after], along), along, exclusive, reverse);
      return sum(part(mul(others, dy), first, length), along, true);
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
