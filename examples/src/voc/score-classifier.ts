import { hostTensor } from '@wsss/core';
import { meanAveragePrecision } from '@wsss/metrics';
import type { Pooled } from './pooled-features';

/** Scores before the sigmoid, `[n × 6]` row by row. */
export function classifierLogits({ features, labels }: Pooled, weights: { values: Float32Array }): Float32Array {
  const [rows, width] = features.shape as [number, number];
  const count = labels.shape[1]!;
  const scores = new Float32Array(rows * count);
  for (let row = 0, s = 0; row < rows; row++) {
    for (let c = 0; c < count; c++, s++) {
      let sum = 0;
      for (let f = 0; f < width; f++) sum += features.values[row * width + f]! * weights.values[c * width + f]!;
      scores[s] = sum;
    }
  }
  return scores;
}

/** Average precision of the classifier per class, and its mean. */
export async function scoreClassifier(pooled: Pooled, weights: { values: Float32Array }) {
  return meanAveragePrecision(hostTensor(classifierLogits(pooled, weights), pooled.labels.shape), pooled.labels);
}
