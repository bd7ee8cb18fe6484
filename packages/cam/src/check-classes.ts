import { ValueError } from '@wsss/core';

/**
 * Checks a list of class indices.
 *
 * @param most The highest class there is.
 * @throws {ValueError} unless it holds at least one, each a whole number in 1..most, none twice.
 */
export function checkClasses(where: string, classes: readonly number[], most: number): void {
  if (!Array.isArray(classes) || classes.length === 0) {
    throw new ValueError(where, 'classes', 'to hold at least one class index', classes);
  }
  if (!classes.every((index) => Number.isInteger(index) && index >= 1 && index <= most)) {
    const hint = 'Classes are counted from 1; 0 is the background, which is not asked for.';
    throw new ValueError(where, 'classes', `to hold class indices 1..${most}`, classes, hint);
  }
  if (new Set(classes).size !== classes.length) {
    throw new ValueError(where, 'classes', 'to name each class once', classes);
  }
}
