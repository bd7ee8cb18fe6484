import { add, type GradConfig, mul, neg, rsqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import { reduceTo } from './reduce-to';
import { PresentInputs } from './saved';

/** y = (x − mean) / √(variance + ε) · scale + offset, scale and offset optional; everything but x may be broadcast. */
export const batchNormGradient: GradConfig[] = [
  {
    kernelName: 'FusedBatchNorm',
    inputsToSave: PresentInputs.of('x', 'mean', 'variance', 'scale'),
    gradFunc: (gradient, [x, mean, variance, scale], attributes) => {
      const dy = gradient as Tensor;
      const { varianceEpsilon } = attributes as unknown as { varianceEpsilon: number };
      const inverse = () => rsqrt(add(variance!, varianceEpsilon));
      const factor = () => (scale ? mul(inverse(), scale) : inverse());
      const centred = () => sub(x!, mean!);
      return {
        x: () => mul(dy, factor()),
        mean: () => reduceTo(neg(mul(dy, factor())), mean!.shape),
        variance: () => {
          const power = mul(mul(factor(), mul(inverse(), inverse())), -0.5);
          return reduceTo(mul(mul(dy, centred()), power), variance!.shape);
        },
        scale: () => reduceTo(mul(mul(dy, centred()), inverse()), scale!.shape),
        // Kept nowhere; TensorFlow.js wants the shape of the mean.
        offset: () => reduceTo(dy, mean!.shape),
      };
    },
  },
];
