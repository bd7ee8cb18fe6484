import { type HostTensor, hostTensor, hostValues, type TensorLike, ValueError } from '@wsss/core';

export interface UnaryFromLabelsOptions {
  /** Number of classes K; with `zeroUnsure` the unsure label is not one of them. */
  readonly classes: number;
  /** How sure the labels are, 0 < gtProb < 1. @default 0.7 */
  readonly gtProb?: number;
  /**
   * Whether label 0 means "unknown", so that label k is class k − 1. With `false`, label k is class k.
   * @default true
   */
  readonly zeroUnsure?: boolean;
}

/**
 * Unary costs from hard labels: −ln gtProb for the labelled class, −ln((1 − gtProb) / (K − 1)) for every other, and the
 * same for all classes, −ln(1 / K), where unknown. pydensecrf's `unary_from_labels`.
 *
 * @param labels `[h, w]` or any shape of whole numbers.
 * @returns `[...labels.shape, K]`
 * @throws {ValueError} for a label outside of the classes, fewer than 2 classes, `gtProb` outside (0, 1).
 */
export async function unaryFromLabels(
  labels: TensorLike,
  { classes, gtProb = 0.7, zeroUnsure = true }: UnaryFromLabelsOptions,
): Promise<HostTensor> {
  const where = 'unaryFromLabels';
  if (!Number.isInteger(classes) || classes < 2)
    throw new ValueError(where, 'classes', 'to be a whole number of at least 2', classes);
  if (!(gtProb > 0 && gtProb < 1)) throw new ValueError(where, 'gtProb', 'to lie between 0 and 1', gtProb);
  const values = await hostValues(where, 'labels', labels);
  const first = zeroUnsure ? 1 : 0;
  const sure = -Math.log(gtProb);
  const other = -Math.log((1 - gtProb) / (classes - 1));
  const unknown = -Math.log(1 / classes);
  const unary = new Float32Array(values.length * classes).fill(other);
  for (let i = 0; i < values.length; i++) {
    const label = values[i]!;
    if (zeroUnsure && label === 0) {
      unary.fill(unknown, i * classes, (i + 1) * classes);
    } else if (Number.isInteger(label) && label >= first && label < classes + first) {
      unary[i * classes + label - first] = sure;
    } else {
      throw new ValueError(
        where,
        'labels',
        `to hold ${first === 0 ? '' : '0 (unknown) and '}whole numbers from ${first} to ${classes + first - 1}`,
        `${label} at index ${i}`,
        label === 255 ? '255 usually means "ignore": map it to 0 and use zeroUnsure.' : undefined,
      );
    }
  }
  return hostTensor(unary, [...labels.shape, classes]);
}
