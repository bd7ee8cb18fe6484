import {
  add,
  cast,
  div,
  exp,
  greater,
  maximum,
  mul,
  reshape,
  type Scalar,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { floatTensor, type TensorInput } from '@wsss/core/tensor';
import { checkPixels, labelMasks } from './label-masks';
import { logSoftmax } from './log-softmax';

/**
 * Dice loss: 1 − (2 Σ p t + s) / (Σ p + Σ t + s) of each class, sums over the labelled pixels of the batch, and the mean of
 * the classes that have a label there. 0 for a batch without any label.
 *
 * @param logits Scores before the softmax, `[n, h, w, K]`.
 * @param labels `[n, h, w]`, 0..K−1, 255 ignored.
 * @param options.smooth s, at least 0. @default 1
 * @returns A scalar in [0, 1].
 * @throws {ShapeError} if labels and scores are of other pixels.
 * @throws {ValueError} if `smooth` is negative, or labels on the host name a class that there is not.
 *
 * Source: Milletari et al., "V-Net", 3DV 2016, section 3, with the sums of Sudre et al., DLMIA 2017, not squared.
 */
export function diceLoss(logits: TensorInput, labels: TensorInput, { smooth = 1 }: { smooth?: number } = {}): Scalar {
  const where = 'diceLoss';
  if (!(smooth >= 0 && Number.isFinite(smooth))) throw new ValueError(where, 'smooth', 'to be at least 0', smooth);
  const { pixels, K } = checkPixels(where, logits, labels);
  return tidy(() => {
    const masks = labelMasks(where, labels, K);
    const probabilities = exp(logSoftmax(reshape(floatTensor(where, 'logits', logits), [pixels, K])));
    const counted = mul(probabilities, sum(masks, 1, true));
    const counts = sum(masks, 0);
    const present = cast(greater(counts, 0), 'float32');
    const common = add(mul(sum(mul(counted, masks), 0), 2), smooth);
    // A class without labels is not counted; the 1 in its place only keeps its quotient finite.
    const all = add(add(add(sum(counted, 0), counts), smooth), sub(1, present));
    return div(sum(mul(sub(1, div(common, all)), present)), maximum(sum(present), 1)) as Scalar;
  });
}
