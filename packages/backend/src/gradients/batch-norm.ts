import { add, type GradConfig, mul, neg, rsqrt } from '@tensorflow/tfjs-core';
import { centredProducts } from '../kernels/centred-products';
import { gradient } from './define';
import { PresentInputs } from './present-inputs';
import { reduceTo } from './reduce-to';

/** y = (x − mean) / √(variance + ε) · scale + offset, with or without scale and offset. */
export const batchNormGradient: GradConfig[] = [
  gradient<{ varianceEpsilon: number }>(
    'FusedBatchNorm',
    { inputs: PresentInputs.of('x', 'mean', 'variance', 'scale') },
    (dy, [x, mean, variance, scale], { varianceEpsilon }) => {
      const inverse = () => rsqrt(add(variance!, varianceEpsilon));
      const factor = () => (scale ? mul(inverse(), scale) : inverse());
      return {
        x: () => mul(dy, factor()),
        mean: () => neg(mul(reduceTo(dy, mean!.shape), factor())),
        variance: () => {
          const power = mul(mul(factor(), mul(inverse(), inverse())), -0.5);
          return mul(centredProducts(dy, x!, mean!), power);
        },
        scale: () => mul(centredProducts(dy, x!, mean!), inverse()),
        offset: () => reduceTo(dy, mean!.shape),
      };
    },
  ),
];
