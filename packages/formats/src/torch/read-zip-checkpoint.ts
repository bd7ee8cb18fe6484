import { FormatError } from '@wsss/core';
import { flattenTensors } from '../flatten-tensors';
import { ByteCursor, EndOfBytes } from '../pickle/byte-cursor';
import { Global, Tuple } from '../pickle/python-values';
import { unpickle } from '../pickle/unpickle';
import type { StateDict } from '../read-state-dict';
import type { ByteSource } from '../source/byte-source';
import type { ZipEntry } from '../zip/read-directory';
import { entryBytes, readEntry } from '../zip/read-entry';
import { Storage, storageType } from './storage';
import { TORCH_CONSTRUCTORS } from './torch-constructors';

/** The name of the pickle inside a checkpoint, below a folder of any name. */
const PICKLE = /^([^/]+\/)data\.pkl$/;

/** The name of the pickle, if this zip is a checkpoint of torch. */
export function checkpointPickle(entries: ReadonlyMap<string, ZipEntry>): string | undefined {
  return [...entries.keys()].find((name) => PICKLE.test(name));
}

/**
 * The tensors of a file that `torch.save` wrote since version 1.6: a zip with a pickle, and each storage as a file.
 *
 * @param options `key` and `verify` as `readStateDict` takes them.
 */
export async function readZipCheckpoint(
  source: ByteSource,
  entries: ReadonlyMap<string, ZipEntry>,
  pickle: string,
  { key, verify = false }: { readonly key?: string | undefined; readonly verify?: boolean | undefined },
): Promise<StateDict> {
  const { name: file } = source;
  const folder = PICKLE.exec(pickle)![1]!;
  if (entries.has(`${folder}constants.pkl`)) {
    const hint = 'In Python: torch.save(torch.jit.load(path).state_dict(), "weights.pth").';
    throw new FormatError(file, 'a checkpoint of torch.save', 'a program of TorchScript', hint);
  }
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(await readEntry(source, order)) !== 'little') {
    throw new FormatError(file, 'a checkpoint of a little-endian machine', 'another', 'Save it anew on a common one.');
  }

  const storages = new Map<string, Storage>();
  function persistent(id: unknown): Storage | undefined {
    const [kind, type, name, , length] = id instanceof Tuple ? id.items : [];
    const element = type instanceof Global ? storageType(type.name) : undefined;
    if (kind !== 'storage' || !element || typeof name !== 'string' || !Number.isSafeInteger(length)) return undefined;
    const entry = entries.get(`${folder}data/${name}`);
    const size = (length as number) * element.bytes;
    if (!entry || entry.size !== size) {
      throw new FormatError(file, `storage '${name}' of ${size} bytes`, entry ? `${entry.size}` : 'none');
    }
    const known = storages.get(name);
    if (known) return known.type === element ? known : undefined;
    const storage = new Storage(file, element, length as number);
    storage.place(entryBytes(source, entry, verify));
    storages.set(name, storage);
    return storage;
  }

  const cursor = new ByteCursor(`${file}: ${pickle}`, await readEntry(source, entries.get(pickle)!));
  try {
    return flattenTensors(file, unpickle(cursor, { constructors: TORCH_CONSTRUCTORS, persistent }), key);
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error;
    throw new FormatError(file, `a whole pickle in ${pickle}`, 'a part of one', 'The file is damaged.');
  }
}
