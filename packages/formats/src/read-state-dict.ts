import { FormatError, type TensorLike } from '@wsss/core';
import { readSafetensors } from './safetensors/read-safetensors';
import type { BinaryInput, ByteSource, OpenOptions } from './source/byte-source';
import { openSource } from './source/open-source';

/** Names → tensors in torch's layout, in the order of the file; the values are read when `data()` is called. */
export type StateDict = Map<string, TensorLike>;

/**
 * Reads the weights of a network from a `.safetensors` file: its first bytes tell what it is, not its name.
 *
 * Only the header is read, and checked whole; each tensor's bytes are read by its `data()`, anew each time, so that a
 * large file needs no more memory than the tensors in use. A path is opened only while it is read. A `URL` is downloaded
 * at once.
 *
 * @param input Bytes, a `Blob` or `File`, a `URL`, or a path (in a browser: an address).
 * @returns Name → tensor in torch's layout (convolutions OIHW) and dtype: float32, float64, int8 … int64, uint8 …
 *   uint64, bool; float16 and bfloat16 are widened to float32. Of bytes that were given, `data()` returns views where it
 *   can: do not write to them.
 * @throws {FormatError} that names the file, if it is damaged, cut short, of an unknown kind, or not there.
 */
export async function readStateDict(input: BinaryInput, options: OpenOptions = {}): Promise<StateDict> {
  const source = await openSource('readStateDict', input, options);
  const first = await source.read(0, Math.min(16, source.size));
  if (looksLikeSafetensors(source, first)) return readSafetensors(source);
  const got = source.size === 0 ? 'an empty file' : `one that begins with ${hex(first.subarray(0, 8))}`;
  throw new FormatError(source.name, 'a file of weights: .safetensors', got);
}

/** A length, then the opening brace of the header; a file cut to its length alone is one too. */
function looksLikeSafetensors(source: ByteSource, first: Uint8Array): boolean {
  return first.length > 8 ? first[8] === 0x7b : source.size === 8;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
