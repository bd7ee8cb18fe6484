import { FormatError, type TensorLike } from '@wsss/core';
import { flattenTensors } from './flatten-tensors';
import { isParams, readParams } from './mxnet/read-params';
import { isNpy } from './numpy/parse-npy-header';
import { isNpz, readNpz } from './numpy/read-npz';
import { unpickleNpy } from './numpy/unpickle-npy';
import { readSafetensors } from './safetensors/read-safetensors';
import type { BinaryInput, ByteSource, OpenOptions } from './source/byte-source';
import { openSource } from './source/open-source';
import { isLegacy } from './torch/parse-legacy';
import { readLegacy } from './torch/read-legacy';
import { checkpointPickle, readZipCheckpoint } from './torch/read-zip-checkpoint';
import { readDirectory } from './zip/read-directory';

/** Names → tensors in torch's layout, in the order of the file; the values are read when `data()` is called. */
export type StateDict = Map<string, TensorLike>;

export interface ReadStateDictOptions extends OpenOptions {
  /**
   * Which part of the file to take: an entry of a checkpoint, such as `'model_ema'`, or what names begin with; dots for
   * entries of entries. @default the entry with the weights (`state_dict`, `model`, `net` …) where there is one and no
   * tensors beside it, else everything
   */
  readonly key?: string;
  /**
   * Compares the checksums of weights, where a file has some (the zips of torch), before they are given out. As with
   * `torch.load`, that is left out unless asked for: it takes half as long again. @default false
   */
  readonly verify?: boolean;
}

/**
 * Reads the weights of a network, or other named arrays, from a file of the Python world: `.safetensors`; `.pth` and
 * `.pt` of `torch.save`, old and new; `.npz`, and `.npy` with a pickled dictionary; MXNet's `.params`. The first bytes
 * tell what it is, not the name.
 *
 * Only headers are read, and checked whole; each tensor's bytes are read by its `data()`, anew each time, so that a large
 * file needs no more memory than the tensors in use. A path is opened only while it is read. A `URL` is downloaded at
 * once. Nothing in a file is executed: of pickles, only what makes tensors is understood, anything else is refused by its
 * name. Entries that are no tensors (an epoch, a learning rate) are left out; names of nested entries are joined by dots.
 *
 * @param input Bytes, a `Blob` or `File`, a `URL`, or a path (in a browser: an address).
 * @returns Name → tensor in torch's layout (convolutions OIHW) and dtype: float32, float64, int8 … int64, uint8 …
 *   uint64, bool; float16 and bfloat16 are widened to float32. Of bytes that were given, `data()` returns views where it
 *   can: do not write to them.
 * @throws {FormatError} that names the file, if it is damaged, cut short, of an unknown kind, refused, or not there.
 */
export async function readStateDict(input: BinaryInput, options: ReadStateDictOptions = {}): Promise<StateDict> {
  const source = await openSource('readStateDict', input, options);
  const { key } = options;
  const first = await source.read(0, Math.min(512, source.size));
  if (isZip(first)) return readZip(source, options);
  if (isLegacy(first)) return readLegacy(source, key);
  if (isNpy(first))
    return flattenTensors(source.name, unpickleNpy(source.name, await source.read(0, source.size)), key);
  const flat = isParams(first)
    ? await readParams(source)
    : first[8] === 0x7b // behind the length of its header, the header's brace
      ? await readSafetensors(source)
      : undefined;
  if (!flat) throw new FormatError(source.name, 'a file of weights', kindOf(source, first), KINDS);
  return key === undefined ? flat : flattenTensors(source.name, flat, key);
}

const KINDS = 'Read are .safetensors, .pth and .pt of torch.save, .npz, .npy of a dictionary, and .params of MXNet.';

async function readZip(source: ByteSource, options: ReadStateDictOptions): Promise<StateDict> {
  const entries = await readDirectory(source);
  const pickle = checkpointPickle(entries);
  if (pickle !== undefined) return readZipCheckpoint(source, entries, pickle, options);
  if (isNpz(entries)) return readNpz(source, entries, options.key);
  const names = [...entries.keys()].slice(0, 4);
  throw new FormatError(source.name, 'a zip of torch.save or numpy.savez', `one with ${names.join(', ')}`);
}

function isZip(first: Uint8Array): boolean {
  const [p, k, a, b] = first;
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/** What else it may be. */
function kindOf(source: ByteSource, first: Uint8Array): string {
  const text = String.fromCharCode(...first);
  if (source.size === 0) return 'an empty file';
  if (text.startsWith('ustar', 257)) return 'a tar, perhaps of a torch before 0.1.10';
  if (text.startsWith('\x89HDF')) return 'an HDF5 file';
  if (text.startsWith('version https://git-lfs')) return 'the address of a file in Git LFS: fetch the file itself';
  if (text.trimStart().startsWith('<')) return 'markup: a web page in place of the file';
  if (first[0] === 0x80 && first[1]! <= 5) return 'a plain pickle';
  return `one that begins with ${[...first.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
