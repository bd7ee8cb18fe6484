import { hostValues, type NumericArray, type TensorLike, ValueError } from '@wsss/core';

/** Which values a label map may hold. */
export interface LabelRange {
  /** How many classes there are, background included: values 0..classes − 1. */
  readonly classes: number;
  /** The value that is allowed besides. */
  readonly ignore: number;
}

/**
 * The values of a label map, every one of them a class index or `ignore`.
 *
 * @throws {ValueError} naming the first other value and its position.
 */
export async function labelValues(
  where: string,
  argument: string,
  labels: TensorLike,
  { classes, ignore }: LabelRange,
): Promise<NumericArray> {
  const values = await hostValues(where, argument, labels);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!((value >= 0 && value < classes && Number.isInteger(value)) || value === ignore)) {
      throw new ValueError(
        where,
        argument,
        `to be a class index 0..${classes - 1}, or ${ignore}, at ${place(i, labels.shape)}`,
        value,
        Number.isInteger(value)
          ? '`classes` counts the background too: 21 for VOC. Or should other classes be mapped to `ignore` first?'
          : 'Labels are whole numbers; are these scores that still need an argmax?',
      );
    }
  }
  return values;
}

/** Checks the range itself. */
export function checkRange(where: string, { classes, ignore }: LabelRange): void {
  if (!Number.isSafeInteger(classes) || classes < 1) {
    throw new ValueError(where, 'classes', 'to be a whole number of at least 1, the background included', classes);
  }
  if (!Number.isSafeInteger(ignore) || (ignore >= 0 && ignore < classes)) {
    throw new ValueError(where, 'ignore', `to be a whole number that is no class index (0..${classes - 1})`, ignore);
  }
}

/** Where a flat index lies, as `[y, x]`, for a message. */
export function place(index: number, shape: readonly number[]): string {
  const indices: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    indices.unshift(index % shape[d]!);
    index = Math.floor(index / shape[d]!);
  }
  return `[${indices.join(', ')}]`;
}
