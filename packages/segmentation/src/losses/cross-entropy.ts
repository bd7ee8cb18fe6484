import {
  div,
  exp,
  log,
  max,
  maximum,
  mul,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { floatTensor, type TensorInput, withGradient } from '@wsss/core/tensor';
import { checkPixels, labelMasks } from './label-masks';

/**
 * Cross-entropy of the pixels that have a label: the mean of −log p_label, p the softmax of the scores. A batch without
 * any label costs 0 and has no gradient.
 *
 * @param logits Scores before the softmax, `[n, h, w, K]`.
 * @param labels `[n, h, w]`, 0..K−1, 255 ignored.
 * @returns A scalar.
 * @throws {ShapeError} if labels and scores are of other pixels.
 * @throws {ValueError} if labels on the host name a class that there is not.
 */
export function crossEntropy(logits: TensorInput, labels: TensorInput): Scalar {
  const where = 'crossEntropy';
  const { pixels, K } = checkPixels(where, logits, labels);
  return tidy(() => {
    const masks = labelMasks(where, labels, K);
    const scores = reshape(floatTensor(where, 'logits', logits), [pixels, K]);
    const labelled = sum(masks);
    const weight = div(1, maximum(labelled, 1));
    return withGradient(
      [scores],
      ([x], save) => {
        const { logs, probabilities } = logSoftmax(x as Tensor2D);
        save([probabilities, masks, weight]);
        // 0 − x instead of −x: without labels the loss is 0, not −0.
        return mul(sub(0, sum(mul(logs, masks))), weight) as Scalar;
      },
      (gradient, [p, t, share]) => {
        // p − t where there is a label, 0 elsewhere.
        return [mul(sub(mul(p!, sum(t!, 1, true)), t!), mul(gradient as Tensor, share!))];
      },
    ) as Scalar;
  });
}

/** Of each row; finite for all finite scores. */
function logSoftmax(x: Tensor2D): { logs: Tensor; probabilities: Tensor } {
  const shifted = sub(x, max(x, 1, true));
  const powers = exp(shifted);
  const total = sum(powers, 1, true);
  return { logs: sub(shifted, log(total)), probabilities: div(powers, total) };
}
