import { FormatError } from '@wsss/core';
import { checkLabels, type Labels } from './check-labels';

/** `{ "id": ["cat", "sofa"], … }`. */
export function parseJsonLabels(text: string, file: string, classes: readonly string[]): Labels {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new FormatError(file, 'JSON', (cause as Error).message), { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new FormatError(file, 'an object of ids and their class names', parsed);
  }
  const labels = new Map<string, readonly string[]>();
  for (const [id, names] of Object.entries(parsed)) {
    if (!Array.isArray(names)) throw new FormatError(file, `a list of class names for '${id}'`, names);
    labels.set(id, checkLabels(file, `'${id}'`, names, classes));
  }
  return labels;
}
