import {
  add,
  argMax,
  div,
  exp,
  maximum,
  mul,
  oneHot,
  reshape,
  type Scalar,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { floatTensor, stopGradient, type TensorInput } from '@wsss/core/tensor';
import { checkPixels, labelMasks } from './label-masks';
import { logSoftmax } from './log-softmax';

export interface BootstrappedCrossEntropyOptions {
  /** `'soft'`: the network's probabilities are the other part of the target; `'hard'`: its most likely class is. @default 'hard' */
  readonly mode?: 'soft' | 'hard';
  /** β: how much of the target the label is. @default 0.8 for `'hard'`, 0.95 for `'soft'`, as in the paper */
  readonly beta?: number;
}

/**
 * Bootstrapped cross-entropy, for labels of which some are wrong: the target is the label only to a part, and what the
 * network itself believes for the rest, −Σ_c (β t_c + (1 − β) b_c) log p_c, b = p (`'soft'`) or 1 at the largest p and 0
 * elsewhere (`'hard'`). The mean over labelled pixels; 0 where there is none. In `'soft'` the gradient goes through b too.
 *
 * @param logits Scores before the softmax, `[n, h, w, K]`.
 * @param labels `[n, h, w]`, 0..K−1, 255 ignored.
 * @returns A scalar.
 * @throws {ShapeError} if labels and scores are of other pixels.
 * @throws {ValueError} if `beta` is outside [0, 1], or labels on the host name a class that there is not.
 *
 * Source: Reed et al., "Training deep neural networks on noisy labels with bootstrapping", ICLR 2015 workshop, equations 6
 * and 7.
 */
export function bootstrappedCrossEntropy(
  logits: TensorInput,
  labels: TensorInput,
  { mode = 'hard', beta = mode === 'hard' ? 0.8 : 0.95 }: BootstrappedCrossEntropyOptions = {},
): Scalar {
  const where = 'bootstrappedCrossEntropy';
  if (mode !== 'hard' && mode !== 'soft') throw new ValueError(where, 'mode', "to be 'hard' or 'soft'", mode);
  if (!(beta >= 0 && beta <= 1)) throw new ValueError(where, 'beta', 'to be in [0, 1]', beta);
  const { pixels, K } = checkPixels(where, logits, labels);
  return tidy(() => {
    const masks = labelMasks(where, labels, K);
    const labelled = sum(masks, 1, true);
    const logs = logSoftmax(reshape(floatTensor(where, 'logits', logits), [pixels, K]));
    const believed = mode === 'soft' ? exp(logs) : stopGradient(oneHot(argMax(logs, 1), K));
    const target = add(mul(masks, beta), mul(mul(believed, labelled), 1 - beta));
    return div(sub(0, sum(mul(target, logs))), maximum(sum(labelled), 1)) as Scalar;
  });
}
