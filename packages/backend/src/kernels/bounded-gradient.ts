import { engine, getKernel, mul, step, sub, type Tensor } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';
import { runKernel } from './run-kernel';

/** Registered on the backends whose memory JavaScript reaches. */
export const BOUNDED_GRADIENT = '_WsssBoundedGradient';

export interface BoundedAttributes {
  readonly high: number;
}

/** dy where 0 < y < high, and 0 elsewhere. */
export const boundedGradientKernel = hostKernel<'dy' | 'y', BoundedAttributes>(
  BOUNDED_GRADIENT,
  ['dy', 'y'],
  ({ y }, { high }) => ({
    shape: y.shape,
    run: (out, [dy, values]) => {
      for (let i = 0; i < out.length; i++) {
        const value = values![i]!;
        out[i] = value > 0 && value < high ? dy![i]! : 0;
      }
    },
  }),
);

/** The gradient of an activation between 0 and a bound: 0 at both, as in torch. */
export function boundedGradient(dy: Tensor, y: Tensor, high: number): Tensor {
  if (getKernel(BOUNDED_GRADIENT, engine().backendName)) return runKernel(BOUNDED_GRADIENT, { dy, y }, { high });
  const positive = step(y);
  return mul(dy, Number.isFinite(high) ? mul(positive, step(sub(high, y))) : positive);
}
