import { engine, getKernel, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { reduceTo } from '../gradients/reduce-to';
import { hostKernel } from './host-kernel';
import { runKernel } from './run-kernel';

/** Registered on the backends whose memory JavaScript reaches. */
export const CENTRED_PRODUCTS = '_WsssCentredProducts';

/** Σ over all axes but the last of dy · (x − mean). */
export const centredProductsKernel = hostKernel<'dy' | 'x' | 'mean', object>(
  CENTRED_PRODUCTS,
  ['dy', 'x', 'mean'],
  ({ mean }) => ({
    shape: mean.shape,
    run: (out, [dy, x, means]) => {
      const sums = new Float64Array(out.length);
      for (let i = 0, c = 0; i < x!.length; i++, c = c + 1 === sums.length ? 0 : c + 1) {
        sums[c]! += dy![i]! * (x![i]! - means![c]!);
      }
      out.set(sums);
    },
  }),
);

/** What the scale of a batch norm has for a gradient, but for the deviation; mean is `[C]`, or of the rank of x. */
export function centredProducts(dy: Tensor, x: Tensor, mean: Tensor): Tensor {
  const perChannel = mean.shape.length === 1 && mean.shape[0] === x.shape.at(-1) && x.dtype === 'float32';
  if (perChannel && getKernel(CENTRED_PRODUCTS, engine().backendName)) {
    return runKernel(CENTRED_PRODUCTS, { dy, x, mean }, {});
  }
  return reduceTo(mul(dy, sub(x, mean)), mean.shape);
}
