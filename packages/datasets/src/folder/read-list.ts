import { FormatError } from '@wsss/core';
import { stemOf } from './stem-of';

/**
 * The ids of a list file, one a line: `2007_000033`, or the paths of a photo and its mask, as PSA's lists have it.
 *
 * @throws {FormatError} that names the file, if there is no id, one twice, or a line is something else.
 */
export function readList(text: string, file: string): string[] {
  const ids = new Set<string>();
  for (const [i, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    const [photo, mask, ...more] = line.trim().split(/\s+/);
    if (!photo) continue;
    const id = stemOf(photo);
    if (more.length > 0 || (mask !== undefined && stemOf(mask) !== id)) {
      const hint = 'Lists with a column of −1 and 1 tell labels, not a split.';
      throw new FormatError(file, `one id in line ${i + 1}`, `'${line.trim().slice(0, 60)}'`, hint);
    }
    if (ids.has(id)) throw new FormatError(file, 'every id once', `'${id}' again in line ${i + 1}`);
    ids.add(id);
  }
  if (ids.size === 0) throw new FormatError(file, 'a list of ids', 'none');
  return [...ids];
}
