import { ValueError } from '@wsss/core';

/**
 * The indices that stages take for class names: 1 is the first class, 0 the background.
 *
 * @param labels Names, as a data set yields them.
 * @param classes All names, in the order of the data set.
 * @throws {ValueError} for a name that is not among the classes.
 *
 * @example classIndices(['cat', 'dog'], VOC_CLASSES) // [8, 12]
 */
export function classIndices(labels: readonly string[], classes: readonly string[]): number[] {
  return labels.map((label) => {
    const index = classes.indexOf(label);
    if (index < 0) throw new ValueError('classIndices', 'labels', `to be among ${classes.join(', ')}`, label);
    return index + 1;
  });
}
