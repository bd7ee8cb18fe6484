import { ValueError } from '@wsss/core';

/** Class names must be names, each its own, and few enough for a mask's byte. */
export function checkClasses(where: string, classes: readonly string[]): readonly string[] {
  const names = Array.isArray(classes) && classes.every((name) => typeof name === 'string' && name !== '');
  if (!names || classes.length < 1 || classes.length > 254 || new Set(classes).size < classes.length) {
    throw new ValueError(where, 'classes', 'to be 1 to 254 names, each once', classes);
  }
  return [...classes];
}
