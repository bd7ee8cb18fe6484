import { FormatError } from '@wsss/core';
import type { Folder } from '../folder/folder';
import { checkLabels, type Labels } from './check-labels';
import { parseCsvLabels } from './parse-csv-labels';
import { parseJsonLabels } from './parse-json-labels';
import { parseNpyLabels } from './parse-npy-labels';

/**
 * Labels from a `.json`, `.csv` or `.npy` file of the folder, or as they were given.
 *
 * @throws {FormatError} for an unknown class, or an id without an entry: a photo that a file forgets is not one without
 *   classes, which an empty list says.
 */
export async function readLabels(
  folder: Folder,
  given: string | Readonly<Record<string, readonly string[]>>,
  classes: readonly string[],
  ids: readonly string[],
): Promise<Labels> {
  const file = typeof given === 'string' ? folder.nameOf(given) : 'labels';
  const labels = typeof given === 'string' ? await parse(folder, given, classes) : fromRecord(given, classes);
  const lacking = ids.find((id) => !labels.has(id));
  if (lacking === undefined) return labels;
  throw new FormatError(file, `labels for '${lacking}'`, 'none', 'An empty list says that no class is in the photo.');
}

async function parse(folder: Folder, path: string, classes: readonly string[]): Promise<Labels> {
  if (path.endsWith('.npy')) return parseNpyLabels(await folder.read(path), folder.nameOf(path), classes);
  const text = new TextDecoder().decode(await folder.read(path));
  return (path.endsWith('.csv') ? parseCsvLabels : parseJsonLabels)(text, folder.nameOf(path), classes);
}

function fromRecord(given: Readonly<Record<string, readonly string[]>>, classes: readonly string[]): Labels {
  return new Map(Object.entries(given).map(([id, names]) => [id, checkLabels('labels', `'${id}'`, names, classes)]));
}
