import { type HostTensor, hostTensor, hostValues, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { checkThreads } from './lattice';
import { negativeLogs } from './negative-logs';

export interface UnaryFromSoftmaxOptions {
  /** Scores are raised to this, and lowered to 1, before the logarithm; `null` leaves them. @default 1e-5 */
  readonly clip?: number | null;
  /** Trust in the scores, 0 < scale ≤ 1: they become scale · p + (1 − scale) / K. */
  readonly scale?: number;
  /** Threads to use at most. @default all processors */
  readonly threads?: number;
}

/**
 * Unary costs −ln p from scores, which need not sum to one. pydensecrf's `unary_from_softmax`.
 *
 * @param scores `[h, w, K]` or `[N, K]`, at least 0.
 * @returns Costs of the same shape; +Infinity for a score of 0 with `clip: null`.
 * @throws {ValueError} for NaN or negative scores, `clip` or `scale` outside (0, 1].
 */
export async function unaryFromSoftmax(
  scores: TensorLike,
  { clip = 1e-5, scale, threads }: UnaryFromSoftmaxOptions = {},
): Promise<HostTensor> {
  const where = 'unaryFromSoftmax';
  if (scores.shape.length < 2) throw new ShapeError(where, 'scores', ['h', 'w', 'K'], scores.shape);
  if (clip !== null && !(clip > 0 && clip <= 1))
    throw new ValueError(where, 'clip', 'to be above 0 and at most 1, or null', clip);
  if (scale !== undefined && !(scale > 0 && scale <= 1))
    throw new ValueError(where, 'scale', 'to be above 0 and at most 1', scale);
  const most = checkThreads(threads);
  const classes = scores.shape.at(-1)!;
  const values = await hostValues(where, 'scores', scores);
  const trust = scale ?? 1;
  const uniform = (1 - trust) / classes;
  if (clip !== null && clip >= 1e-30) {
    const unary = negativeLogs(values, trust, uniform, clip, most);
    if (unary) return hostTensor(unary, scores.shape);
  }
  const unary = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const score = values[i]!;
    if (!(score >= 0) || score === Number.POSITIVE_INFINITY) {
      const got = `${score} at index ${i}`;
      throw new ValueError(
        where,
        'scores',
        'to be finite and at least 0',
        got,
        'Are these logits? Apply a softmax first.',
      );
    }
    const p = trust * score + uniform;
    unary[i] = -Math.log(clip === null ? p : Math.min(Math.max(p, clip), 1));
  }
  return hostTensor(unary, scores.shape);
}
