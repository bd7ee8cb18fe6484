import { type HostTensor, hostTensor, hostValues, ShapeError, type TensorLike, ValueError } from '@wsss/core';

export interface UnaryFromSoftmaxOptions {
  /** Scores are raised to this, and lowered to 1, before the logarithm; `null` leaves them. @default 1e-5 */
  readonly clip?: number | null;
  /** Trust in the scores, 0 < scale ≤ 1: they become scale · p + (1 − scale) / K. */
  readonly scale?: number;
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
  { clip = 1e-5, scale }: UnaryFromSoftmaxOptions = {},
): Promise<HostTensor> {
  const where = 'unaryFromSoftmax';
  if (scores.shape.length < 2) throw new ShapeError(where, 'scores', ['h', 'w', 'K'], scores.shape);
  if (clip !== null && !(clip > 0 && clip <= 1))
    throw new ValueError(where, 'clip', 'to be above 0 and at most 1, or null', clip);
  if (scale !== undefined && !(scale > 0 && scale <= 1))
    throw new ValueError(where, 'scale', 'to be above 0 and at most 1', scale);
  const classes = scores.shape.at(-1)!;
  const values = await hostValues(where, 'scores', scores);
  const uniform = scale === undefined ? 0 : (1 - scale) / classes;
  const unary = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let p = values[i]!;
    if (!(p >= 0) || p === Number.POSITIVE_INFINITY) {
      throw new ValueError(
        where,
        'scores',
        'to be finite and at least 0',
        `${p} at index ${i}`,
        'Are these logits? Apply a softmax first.',
      );
    }
    if (scale !== undefined) p = scale * p + uniform;
    if (clip !== null) p = Math.min(Math.max(p, clip), 1);
    unary[i] = -Math.log(p);
  }
  return hostTensor(unary, scores.shape);
}
