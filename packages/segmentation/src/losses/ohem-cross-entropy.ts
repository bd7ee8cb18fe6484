import {
  add,
  cast,
  div,
  exp,
  lessEqual,
  maximum,
  min,
  mul,
  neg,
  reshape,
  type Scalar,
  sub,
  sum,
  tidy,
  topk,
} from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { floatTensor, stopGradient, type TensorInput } from '@wsss/core/tensor';
import { checkPixels, labelMasks } from './label-masks';
import { logSoftmax } from './log-softmax';

export interface OhemCrossEntropyOptions {
  /** Pixels whose label has at most this probability are learned from. @default 0.6 */
  readonly threshold?: number;
  /** At least so many pixels are, the least likely ones, where there are as many. @default 256 */
  readonly minKept?: number;
}

/**
 * Cross-entropy of the hard pixels alone: those whose label is unlikely yet. The mean over them; 0 where there is none.
 *
 * ResNet-38's authors call it bootstrapping. It trusts the labels, and learns most from those that the network doubts: for
 * true masks, where {@link bootstrappedCrossEntropy} and {@link generalisedCrossEntropy} are for doubtful ones.
 *
 * @param logits Scores before the softmax, `[n, h, w, K]`.
 * @param labels `[n, h, w]`, 0..K−1, 255 ignored.
 * @returns A scalar.
 * @throws {ShapeError} if labels and scores are of other pixels.
 * @throws {ValueError} if an option is out of range, or labels on the host name a class that there is not.
 *
 * Source: Wu, Shen & van den Hengel, "Bridging category-level and instance-level semantic image segmentation", 2016.
 */
export function ohemCrossEntropy(
  logits: TensorInput,
  labels: TensorInput,
  { threshold = 0.6, minKept = 256 }: OhemCrossEntropyOptions = {},
): Scalar {
  const where = 'ohemCrossEntropy';
  if (!(threshold >= 0 && threshold <= 1)) throw new ValueError(where, 'threshold', 'to be in [0, 1]', threshold);
  if (!(Number.isSafeInteger(minKept) && minKept >= 0)) {
    throw new ValueError(where, 'minKept', 'to be a whole number ≥ 0', minKept);
  }
  const { pixels, K } = checkPixels(where, logits, labels);
  return tidy(() => {
    const masks = labelMasks(where, labels, K);
    const labelled = sum(masks, 1);
    const logs = sum(mul(logSoftmax(reshape(floatTensor(where, 'logits', logits), [pixels, K])), masks), 1);
    // Pixels without a label are the most likely of all, so that they come last.
    const likely = stopGradient(add(mul(exp(logs), labelled), mul(sub(1, labelled), 2)));
    const least = Math.min(minKept, pixels);
    const bar = least === 0 ? threshold : maximum(neg(min(topk(neg(likely), least).values)), threshold);
    const kept = mul(cast(lessEqual(likely, bar), 'float32'), labelled);
    return div(sub(0, sum(mul(logs, kept))), maximum(sum(kept), 1)) as Scalar;
  });
}
