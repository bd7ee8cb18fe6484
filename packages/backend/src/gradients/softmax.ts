import { exp, type GradConfig, mul, sub, sum } from '@tensorflow/tfjs-core';
import { gradient } from './define';

/** Softmax and its logarithm. */
export const softmax: GradConfig[] = [
  gradient<{ dim: number }>('Softmax', { outputs: [true] }, (dy, [y], { dim }) => ({
    logits: () => {
      const weighted = mul(dy, y!);
      return sub(weighted, mul(sum(weighted, dim, true), y!));
    },
  })),
  gradient<{ axis: number }>('LogSoftmax', { outputs: [true] }, (dy, [y], { axis }) => ({
    logits: () => sub(dy, mul(sum(dy, axis, true), exp(y!))),
  })),
];
