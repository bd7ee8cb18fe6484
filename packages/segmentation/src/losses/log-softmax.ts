import { exp, log, max, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { stopGradient } from '@wsss/core/tensor';

/** Logarithms of the softmax of each row `[N, K]`: finite for all finite scores. */
export function logSoftmax(scores: Tensor): Tensor {
  const shifted = sub(scores, stopGradient(max(scores, 1, true)));
  return sub(shifted, log(sum(exp(shifted), 1, true)));
}
