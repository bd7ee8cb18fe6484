import {
  add,
  div,
  maximum,
  mul,
  reshape,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { floatTensor, type TensorInput } from '@wsss/core/tensor';
import { checkPixels, labelMasks } from './label-masks';
import { logSoftmax } from './log-softmax';

/**
 * Balanced seed loss, for labels of few pixels: the cross-entropy of the seeds of the foreground and that of the seeds of
 * the background, each divided by their own number in the image, so that a small object weighs as much as all the ground
 * around it: −1 / |F| Σ_F log p_label − 1 / |B| Σ_B log p_0. The mean over images; a part without seeds is 0.
 *
 * @param logits Scores before the softmax, `[n, h, w, K]`, the background first.
 * @param labels `[n, h, w]`, 0..K−1, 255 where there is no seed.
 * @returns A scalar.
 * @throws {ShapeError} if labels and scores are of other pixels.
 * @throws {ValueError} if labels on the host name a class that there is not.
 *
 * Source: Huang et al., "Weakly-supervised semantic segmentation network with deep seeded region growing" (DSRG), CVPR
 * 2018, equation 3; the seeding loss of Kolesnikov & Lampert (SEC), ECCV 2016, equation 2, does not divide the two apart.
 */
export function balancedSeedLoss(logits: TensorInput, labels: TensorInput): Scalar {
  const where = 'balancedSeedLoss';
  const { n, pixels, K } = checkPixels(where, logits, labels);
  return tidy(() => {
    const masks = labelMasks(where, labels, K);
    const logs = logSoftmax(reshape(floatTensor(where, 'logits', logits), [pixels, K]));
    const perImage = (values: Tensor) => reshape(values, [n, pixels / n, K]);
    const costs = sum(perImage(mul(logs, masks)), 1);
    const counts = sum(perImage(masks), 1);
    // [n, K] → [n]: channel 0, and the others together.
    const part = (values: Tensor, first: number, channels: number) => sum(slice(values, [0, first], [n, channels]), 1);
    const mean = (first: number, channels: number) =>
      div(part(costs, first, channels), maximum(part(counts, first, channels), 1));
    return div(sub(0, sum(add(mean(0, 1), mean(1, K - 1)))), n) as Scalar;
  });
}
