import { finiteValues, type HostTensor, hostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';

/**
 * Lets a classifier say which classes are in the photo: the mass of the foreground is divided anew among its classes, in
 * the ratio of probability times score; the background keeps its own.
 *
 * P'₀ = P₀; P'_c = (1 − P₀) · P_c s_c / Σ_k P_k s_k, k over the foreground classes.
 *
 * The main error of a network that learned from few photos is which class a thing is, not where it is; a classifier sees
 * the whole photo and knows better. With scores of 0 and 1, the image-level labels, it makes pseudo labels. Where every
 * class of the foreground has the product 0 (a photo without labels), the pixel is background with probability 1.
 *
 * @param probabilities `[h, w, K]`, the background first, each pixel's sum 1 (up to 1e-3).
 * @param scores K − 1 numbers in 0..1, class c + 1 at c: the sigmoids of a classifier, or image labels 0 and 1.
 * @returns `[h, w, K]`, each pixel's sum 1.
 * @throws {ShapeError} if there is not one score per class of the foreground.
 * @throws {ValueError} if a value is outside 0..1, or a pixel's sum is not 1.
 *
 * @example
 * const gated = await gateByClassifier(await predict(network, photo), scores);
 */
export async function gateByClassifier(
  probabilities: TensorLike,
  scores: TensorLike | readonly number[],
): Promise<HostTensor> {
  const where = 'gateByClassifier';
  const { h, w, K } = matchShape(where, 'probabilities', probabilities.shape, ['h', 'w', 'K']);
  const given = Array.isArray(scores) ? hostTensor(Float64Array.from(scores), [scores.length]) : (scores as TensorLike);
  const hint = 'One score for each class but the background, which comes first in `probabilities`.';
  matchShape(where, 'scores', given.shape, [K - 1], {}, hint);
  const s = await finiteValues(where, 'scores', given);
  const wrong = s.findIndex((score) => !(score >= 0 && score <= 1));
  if (wrong >= 0) {
    throw new ValueError(where, `scores[${wrong}]`, 'to be in 0..1', s[wrong], 'Take the sigmoid of logits.');
  }
  const p = await finiteValues(where, 'probabilities', probabilities);
  const gated = new Float32Array(p.length);
  for (let at = 0; at < h * w * K; at += K) {
    let total = 0;
    let mass = 0;
    for (let k = 0; k < K; k++) {
      const value = p[at + k]!;
      if (!(value >= 0 && value <= 1 + 1e-3)) {
        throw new ValueError(where, 'probabilities', 'to be in 0..1', value, 'Take the softmax of logits.');
      }
      total += value;
      if (k > 0) mass += value * s[k - 1]!;
    }
    if (Math.abs(total - 1) > 1e-3) {
      throw new ValueError(where, 'probabilities', 'to sum to 1 at each pixel', total, 'Take the softmax of logits.');
    }
    if (mass === 0) {
      gated[at] = 1;
      continue;
    }
    gated[at] = p[at]! / total;
    const share = (1 - p[at]! / total) / mass;
    for (let k = 1; k < K; k++) gated[at + k] = p[at + k]! * s[k - 1]! * share;
  }
  return hostTensor(gated, [h, w, K]);
}
