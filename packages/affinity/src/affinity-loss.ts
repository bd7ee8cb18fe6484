import { add, div, log, mul, neg, type Rank, type Scalar, sub, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ShapeError } from '@wsss/core';
import { floatTensor, type TensorInput, withGradient } from '@wsss/core/tensor';

/** Labels of pairs as {@link affinityLabels} gives them, or batched: 0 or 1. */
export interface AffinityLabelsInput {
  readonly backgroundPositive: TensorInput;
  readonly foregroundPositive: TensorInput;
  readonly negative: TensorInput;
}

/** Scalars; any of them can be differentiated. */
export interface AffinityLoss {
  /** backgroundPositive / 4 + foregroundPositive / 4 + negative / 2. */
  readonly loss: Scalar;
  /** Mean of −log a over the pairs of two background cells. */
  readonly backgroundPositive: Scalar;
  /** Mean of −log a over the pairs of one class. */
  readonly foregroundPositive: Scalar;
  /** Mean of −log(1 − a) over the pairs of two classes. */
  readonly negative: Scalar;
}

/** Keeps logarithms and divisions finite; the official value. */
const EPSILON = 1e-5;

/**
 * The loss of AffinityNet: cross entropy of affinities, in three means that are weighted apart. Pairs are counted over
 * the whole batch; a kind of which there is no pair counts 0, so that a crop that is ignored throughout has loss 0.
 * Logarithms are of a + 1e-5 and 1 + 1e-5 − a.
 *
 * @param affinity In [0, 1], `[P, M]` or `[n, P, M]`.
 * @param labels 0 or 1, of the same shape.
 * @throws {ShapeError} if shapes differ.
 *
 * Source: Ahn & Kwak, CVPR 2018 (class-agnostic binary cross-entropy of affinities); ε is the released code's.
 */
export function affinityLoss(affinity: TensorInput, labels: AffinityLabelsInput): AffinityLoss {
  const { shape } = affinity;
  if (shape.length !== 2 && shape.length !== 3) {
    throw new ShapeError('affinityLoss', 'affinity', 'of shape [P, M] or [n, P, M]', shape);
  }
  for (const kind of ['backgroundPositive', 'foregroundPositive', 'negative'] as const) {
    const got = labels?.[kind]?.shape;
    if (got?.join() !== shape.join()) {
      const hint = 'Labels and affinities are for the same radius, grid and border.';
      throw new ShapeError('affinityLoss', `labels.${kind}`, shape, got, hint);
    }
  }
  return tidy(() => {
    const a = floatTensor('affinityLoss', 'affinity', affinity);
    const mask = (kind: keyof AffinityLabelsInput) => floatTensor('affinityLoss', `labels.${kind}`, labels[kind]);
    const backgroundPositive = crossEntropy(a, mask('backgroundPositive'), 'positive');
    const foregroundPositive = crossEntropy(a, mask('foregroundPositive'), 'positive');
    const negative = crossEntropy(a, mask('negative'), 'negative');
    const loss = weighted([backgroundPositive, foregroundPositive, negative], [1 / 4, 1 / 4, 1 / 2]);
    return { loss, backgroundPositive, foregroundPositive, negative };
  });
}

/** Mean of −log(a + ε), or −log(1 + ε − a), where the mask is 1. */
function crossEntropy(affinity: Tensor, mask: Tensor, sign: 'positive' | 'negative'): Scalar {
  // 1 + ε is rounded to float32 first, as the official code does: at a = 1 this shows.
  const inside = (a: Tensor) => (sign === 'positive' ? add(a, EPSILON) : sub(1 + EPSILON, a));
  return withGradient<Rank.R0>(
    [affinity],
    ([a], save) => {
      const count = add(sum(mask), EPSILON) as Scalar;
      save([a!, mask, count]);
      // 0 − 0 is 0, where −0 would be printed.
      return div(sub(0, sum(mul(mask, log(inside(a!))))), count);
    },
    (gradient, [a, mask, count]) => {
      const slope = div(mul(mask!, div(gradient, count!)), inside(a!));
      return [sign === 'positive' ? neg(slope) : slope];
    },
  );
}

function weighted(terms: readonly Scalar[], weights: readonly number[]): Scalar {
  return withGradient<Rank.R0>(
    terms,
    (terms) => terms.map((term, i) => mul(term, weights[i]!)).reduce((a, b) => add(a, b)) as Scalar,
    (gradient) => weights.map((weight) => mul(gradient, weight)),
  );
}
