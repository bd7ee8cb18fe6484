import { FormatError } from '@wsss/core';
import type { Folder } from './folder';

/** Says which photo of a list is missing, where the folder can be listed, before the first one is read. */
export function checkPhotos(
  folder: Folder,
  ids: readonly string[],
  photos: ReadonlyMap<string, string> | undefined,
  pathOf: (id: string) => string,
): void {
  const missing = ids.filter((id) => photos && !photos.has(id));
  if (missing.length === 0) return;
  const others = missing.length > 1 ? `, nor of ${missing.length - 1} more of the list` : '';
  throw new FormatError(
    folder.nameOf(pathOf(missing[0]!)),
    `a photo for '${missing[0]}'`,
    `none of this name${others}`,
  );
}
