import { mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { AffinityLabels } from '../affinity-labels';
import { affinityLoss } from '../affinity-loss';

/** The three terms of the loss as `fit` adds them up: background / 4, foreground / 4, negative / 2. */
export function lossTerms(affinity: Tensor, labels: AffinityLabels): Record<string, Scalar> {
  const { backgroundPositive, foregroundPositive, negative } = affinityLoss(affinity, labels);
  return {
    background: mul(backgroundPositive, 1 / 4),
    foreground: mul(foregroundPositive, 1 / 4),
    negative: mul(negative, 1 / 2),
  };
}
