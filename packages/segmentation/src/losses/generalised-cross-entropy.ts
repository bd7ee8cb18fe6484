import { div, exp, maximum, mul, reshape, type Scalar, sub, sum, tidy } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { floatTensor, type TensorInput } from '@wsss/core/tensor';
import { checkPixels, labelMasks } from './label-masks';
import { logSoftmax } from './log-softmax';

/**
 * Generalised cross-entropy, for labels of which some are wrong: (1 − p_label^q) / q, between cross-entropy (q → 0) and the
 * mean absolute error (q = 1), which wrong labels move least. The mean over labelled pixels; 0 where there is none.
 *
 * @param logits Scores before the softmax, `[n, h, w, K]`.
 * @param labels `[n, h, w]`, 0..K−1, 255 ignored.
 * @param options.q In (0, 1]. @default 0.7, the paper's
 * @returns A scalar in [0, 1 / q].
 * @throws {ShapeError} if labels and scores are of other pixels.
 * @throws {ValueError} if `q` is out of range, or labels on the host name a class that there is not.
 *
 * Source: Zhang & Sabuncu, "Generalized cross entropy loss for training deep neural networks with noisy labels", NeurIPS
 * 2018, equation 6.
 */
export function generalisedCrossEntropy(
  logits: TensorInput,
  labels: TensorInput,
  { q = 0.7 }: { q?: number } = {},
): Scalar {
  const where = 'generalisedCrossEntropy';
  if (!(q > 0 && q <= 1)) throw new ValueError(where, 'q', 'to be in (0, 1]', q);
  const { pixels, K } = checkPixels(where, logits, labels);
  return tidy(() => {
    const masks = labelMasks(where, labels, K);
    const labelled = sum(masks, 1);
    const logs = logSoftmax(reshape(floatTensor(where, 'logits', logits), [pixels, K]));
    // p^q as exp(q log p): its gradient is finite where p is 0.
    const powers = exp(mul(sum(mul(logs, masks), 1), q));
    return div(sum(mul(sub(1, powers), labelled)), mul(maximum(sum(labelled), 1), q)) as Scalar;
  });
}
