import { FormatError } from '@wsss/core';
import type { ByteCursor } from '../pickle/byte-cursor';
import { Global, Tuple } from '../pickle/python-values';
import { type Constructor, unpickle } from '../pickle/unpickle';
import { Storage, storageType } from './storage';

const MAGIC = '119547037146038801333356';
const PROTOCOL = 1001;

/** A storage of the stream, and the storages of the pickle that are this or parts of it. */
export interface StreamStorage {
  readonly key: string;
  readonly elementBytes: number;
  readonly length: number;
  readonly users: Storage[];
}

export interface LegacyStream {
  readonly root: unknown;
  /** In the order in which their bytes follow, each after its length (64 bits). */
  readonly storages: readonly StreamStorage[];
  /** Where they begin. */
  readonly dataStart: number;
}

/** Whether a pickle of torch's magic number begins here. */
export function isLegacy(bytes: Uint8Array): boolean {
  const start = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
  return start.every((byte, i) => bytes[i] === byte);
}

/**
 * The pickles of a file that `torch.save` wrote before version 1.6: magic number, version, machine, content, and the
 * order of the storages.
 *
 * @throws {EndOfBytes} if the bytes end before the last pickle does.
 */
export function parseLegacy(cursor: ByteCursor, constructors: ReadonlyMap<string, Constructor>): LegacyStream {
  const { file } = cursor;
  const plain = { constructors: new Map<string, Constructor>() };
  if (String(unpickle(cursor, plain)) !== MAGIC || unpickle(cursor, plain) !== PROTOCOL) {
    throw new FormatError(file, "torch's magic number and version 1001", 'others');
  }
  const machine = unpickle(cursor, plain);
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new FormatError(file, 'a checkpoint of a little-endian machine', 'another', 'Save it anew on a common one.');
  }

  const found = new Map<string, StreamStorage>();
  function persistent(id: unknown): Storage | undefined {
    const [kind, type, key, , length, part] = id instanceof Tuple ? id.items : [];
    const element = type instanceof Global ? storageType(type.name) : undefined;
    if (kind !== 'storage' || !element || typeof key !== 'string' || !Number.isSafeInteger(length)) return undefined;
    let stream = found.get(key);
    if (!stream) {
      stream = { key, elementBytes: element.bytes, length: length as number, users: [] };
      found.set(key, stream);
    }
    if (stream.elementBytes !== element.bytes || stream.length !== length) return undefined;
    const view = viewOf(part, stream.length);
    if (!view) return undefined;
    const storage = new Storage(file, element, view.length, view.start);
    stream.users.push(storage);
    return storage;
  }

  const root = unpickle(cursor, { constructors, persistent });
  const keys = unpickle(cursor, plain);
  if (!Array.isArray(keys) || keys.length !== found.size || !keys.every((key) => found.has(key))) {
    throw new FormatError(file, 'the keys of all storages', 'others', 'The file is damaged.');
  }
  if (new Set(keys).size !== keys.length) throw new FormatError(file, 'every storage once', 'one twice');
  return { root, storages: keys.map((key) => found.get(key)!), dataStart: cursor.at };
}

/** Storages could be parts of others: a key, where it begins, and its length. */
function viewOf(part: unknown, length: number): { start: number; length: number } | undefined {
  if (part === null || part === undefined) return { start: 0, length };
  const [, start, size] = part instanceof Tuple ? part.items : [];
  const sound =
    Number.isSafeInteger(start) && Number.isSafeInteger(size) && (start as number) >= 0 && (size as number) >= 0;
  return sound && (start as number) + (size as number) <= length
    ? { start: start as number, length: size as number }
    : undefined;
}
