import { FormatError } from '@wsss/core';

/** Labels of photos: id → names. */
export type Labels = ReadonlyMap<string, readonly string[]>;

/**
 * Refuses a name that is not a class, and drops repetitions.
 *
 * @param of Whose names they are, for the message.
 */
export function checkLabels(file: string, of: string, names: readonly unknown[], classes: readonly string[]): string[] {
  for (const name of names) {
    if (!classes.includes(name as string)) {
      const listed = classes.slice(0, 24).join(', ') + (classes.length > 24 ? ', …' : '');
      const hint = `Classes are ${listed}; { classes } names others.`;
      throw new FormatError(file, `class names for ${of}`, typeof name === 'string' ? `'${name}'` : name, hint);
    }
  }
  return [...new Set(names as string[])];
}
