import type { TensorLike } from '@wsss/core';
import { flattenTensors } from '../flatten-tensors';
import type { StateDict } from '../read-state-dict';
import type { ByteSource } from '../source/byte-source';
import type { ZipEntry } from '../zip/read-directory';
import { entryBytes, readEntry, readEntryStart } from '../zip/read-entry';
import { decodeArray } from './nd-array';
import { NPY_START, type NpyHeader, parseNpyHeader } from './parse-npy-header';
import { unpickleNpy } from './unpickle-npy';

/** Whether this zip holds arrays and nothing else. */
export function isNpz(entries: ReadonlyMap<string, ZipEntry>): boolean {
  return [...entries.keys()].every((name) => name.endsWith('.npy'));
}

/** The arrays of a `.npz` file by their names; those of pickled dictionaries below the dictionary's. */
export async function readNpz(
  source: ByteSource,
  entries: ReadonlyMap<string, ZipEntry>,
  key: string | undefined,
): Promise<StateDict> {
  const arrays = new Map<string, unknown>();
  for (const entry of entries.values()) {
    const file = `${source.name}: ${entry.name}`;
    const header = parseNpyHeader(file, await readEntryStart(source, entry, NPY_START), entry.size);
    const array = header.type
      ? lazyArray(source, entry, file, header)
      : unpickleNpy(file, await readEntry(source, entry));
    arrays.set(entry.name.replace(/\.npy$/, ''), array);
  }
  return flattenTensors(source.name, arrays, key);
}

function lazyArray(source: ByteSource, entry: ZipEntry, file: string, header: NpyHeader): TensorLike {
  const { shape, columns, dataOffset, byteLength } = header;
  const type = header.type!;
  const content = entryBytes(source, entry, true);
  return {
    shape,
    dtype: type.type.dtype,
    data: async () => decodeArray(file, { shape, type, columns, bytes: await content.read(dataOffset, byteLength) }),
  };
}
