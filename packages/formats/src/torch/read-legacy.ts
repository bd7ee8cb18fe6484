import { FormatError } from '@wsss/core';
import { flattenTensors } from '../flatten-tensors';
import { ByteCursor, EndOfBytes } from '../pickle/byte-cursor';
import type { Constructor } from '../pickle/unpickle';
import type { StateDict } from '../read-state-dict';
import type { ByteSource } from '../source/byte-source';
import { isLegacy, type LegacyStream, parseLegacy } from './parse-legacy';
import { Storage } from './storage';
import { TORCH_CONSTRUCTORS } from './torch-constructors';

/** How much is read first; pickles of most checkpoints are shorter. */
const FIRST_PIECE = 2 ** 18;

/**
 * The tensors of a file that `torch.save` wrote before version 1.6: pickles, then the storages one after the other.
 *
 * @param key Which entry of the checkpoint to take: see `readStateDict`.
 */
export async function readLegacy(source: ByteSource, key: string | undefined): Promise<StateDict> {
  const { name: file } = source;
  const { root, storages, dataStart } = await parseStart(source);
  let at = dataStart;
  for (const storage of storages) {
    const byteLength = storage.length * storage.elementBytes;
    const count = await source.read(at, 8);
    checkCount(file, storage, count);
    const offset = at + 8;
    at = offset + byteLength;
    if (!(at <= source.size)) {
      const hint = 'Is the file cut short?';
      throw new FormatError(
        file,
        `${byteLength} bytes of storage '${storage.key}' at ${offset}`,
        `${source.size - offset}`,
        hint,
      );
    }
    const read = (from: number, length: number) => source.read(offset + from, length);
    for (const user of storage.users) user.place({ byteLength, read });
  }
  return flattenTensors(file, root, key);
}

/** Reads as much of the file's begin as the pickles need. */
async function parseStart(source: ByteSource): Promise<LegacyStream> {
  for (let size = FIRST_PIECE; ; size *= 4) {
    const bytes = await source.read(0, Math.min(size, source.size));
    try {
      return parseLegacy(new ByteCursor(source.name, bytes), TORCH_CONSTRUCTORS);
    } catch (error) {
      if (!(error instanceof EndOfBytes)) throw error;
      if (size >= source.size) throw cutShort(source.name);
    }
  }
}

function cutShort(file: string): FormatError {
  return new FormatError(file, 'the pickles of a checkpoint', 'a part of them', 'Is the file cut short?');
}

function checkCount(file: string, { key, length }: { key: string; length: number }, bytes: Uint8Array): void {
  const count = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
  if (count !== BigInt(length)) {
    throw new FormatError(file, `storage '${key}' of ${length} numbers`, `${count}`, 'The file is damaged.');
  }
}

/**
 * `torch.storage._load_from_bytes`: how a tensor lies in a plain pickle, such as those that NumPy saves. The bytes are a
 * checkpoint of one storage.
 */
export function storageFromBytes(file: string): Constructor {
  return ([content]) => {
    if (!(content instanceof Uint8Array) || !isLegacy(content)) return undefined;
    const bytes = content as Uint8Array<ArrayBuffer>;
    try {
      const { root, storages, dataStart } = parseLegacy(new ByteCursor(file, bytes), TORCH_CONSTRUCTORS);
      const [storage] = storages;
      if (!(root instanceof Storage) || storages.length !== 1 || !storage) return undefined;
      const offset = dataStart + 8;
      const byteLength = storage.length * storage.elementBytes;
      if (offset + byteLength > bytes.length) throw cutShort(file);
      checkCount(file, storage, bytes.subarray(dataStart, offset));
      const read = async (from: number, length: number) => bytes.subarray(offset + from, offset + from + length);
      for (const user of storage.users) user.place({ byteLength, read });
      return root;
    } catch (error) {
      if (error instanceof EndOfBytes) throw cutShort(file);
      throw error;
    }
  };
}
