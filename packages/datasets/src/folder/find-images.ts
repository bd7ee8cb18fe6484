import { FormatError } from '@wsss/core';
import type { Folder } from './folder';
import { stemOf } from './stem-of';

/**
 * The image files of a folder by their ids, where the folder can be listed.
 *
 * @throws {FormatError} if two files have the same id.
 */
export async function findImages(
  folder: Folder,
  path: string,
  ending: RegExp,
): Promise<ReadonlyMap<string, string> | undefined> {
  const names = await folder.list(path);
  if (!names) return undefined;
  const found = new Map<string, string>();
  for (const name of names) {
    if (!ending.test(name) || name.startsWith('.')) continue;
    const before = found.get(stemOf(name));
    if (before) throw new FormatError(folder.nameOf(before), 'one file for each id', `also ${name}`);
    found.set(stemOf(name), `${path}/${name}`);
  }
  return found;
}
