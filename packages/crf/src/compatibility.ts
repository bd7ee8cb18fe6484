import { ValueError } from '@wsss/core';
import type { CompatibilityMatrix } from './engine';

/**
 * How much it costs neighbours to disagree.
 * - A number w: Potts, −w for equal classes; w > 0 attracts.
 * - A list of K: class c adds its own entry times its filtered distribution: **negative** entries attract.
 * - A list of K lists: a cost for each pair of classes, made symmetric; Potts would be w · (1 − identity).
 *
 * The kernel's weight in the paper is this same number: there is no separate one.
 */
export type Compatibility = number | readonly number[] | readonly (readonly number[])[];

/** @throws {ValueError} if a number is not finite, or there are not as many as classes. */
export function compatibilityMatrix(where: string, given: Compatibility, classes: number): CompatibilityMatrix {
  if (typeof given === 'number') {
    if (!Number.isFinite(given)) throw new ValueError(where, 'compat', 'to be finite', given);
    return { kind: 'potts', weight: given };
  }
  if (given.length !== classes) {
    throw new ValueError(
      where,
      'compat',
      `to be a number, a list of ${classes} (one per class), or ${classes} such lists`,
      given,
    );
  }
  if (given.every((row): row is number => typeof row === 'number')) {
    if (!given.every(Number.isFinite)) throw new ValueError(where, 'compat', 'to be finite', given);
    return { kind: 'diagonal', weights: Float32Array.from(given) };
  }
  const matrix = new Float32Array(classes * classes);
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const [one, two] = [entry(given, row, column), entry(given, column, row)];
      if (!Number.isFinite(one) || !Number.isFinite(two)) {
        throw new ValueError(where, 'compat', `to hold ${classes} lists of ${classes} finite numbers`, given);
      }
      matrix[row * classes + column] = (one + two) / 2;
    }
  }
  return { kind: 'full', matrix };
}

function entry(rows: Exclude<Compatibility, number>, row: number, column: number): number {
  const line = rows[row];
  return typeof line === 'object' && line.length === rows.length ? line[column]! : Number.NaN;
}
