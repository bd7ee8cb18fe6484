import type { NumericArray } from '@wsss/core';

/**
 * Adds one to `counts[target · classes + prediction]` for every pixel whose target is not `ignore`.
 *
 * @param ignoredAs What a prediction of `ignore` counts as; −1 leaves the pixel out.
 */
export function countPairs(
  counts: Float64Array,
  prediction: NumericArray,
  target: NumericArray,
  classes: number,
  ignore: number,
  ignoredAs: number,
): void {
  for (let i = 0; i < target.length; i++) {
    const truth = target[i]!;
    if (truth === ignore) continue;
    const guess = prediction[i] === ignore ? ignoredAs : prediction[i]!;
    if (guess >= 0) counts[truth * classes + guess]!++;
  }
}
