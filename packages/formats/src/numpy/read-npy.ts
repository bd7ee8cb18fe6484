import { FormatError, type HostTensor, hostTensor, type TypedArray } from '@wsss/core';
import type { BinaryInput, OpenOptions } from '../source/byte-source';
import { openSource } from '../source/open-source';
import { decodeArray } from './nd-array';
import { NPY_START, parseNpyHeader } from './parse-npy-header';

/**
 * Reads an array that `numpy.save` wrote: floats, integers or booleans, of either order of bytes and of indices.
 *
 * @param input Bytes, a `Blob` or `File`, a `URL`, or a path (in a browser: an address).
 * @returns Row-major values; half precision is widened to float32.
 * @throws {FormatError} that names the file, if it is damaged, cut short, or holds something else. A dictionary that was
 *   pickled is read by `readStateDict`.
 */
export async function readNpy(input: BinaryInput, options: OpenOptions = {}): Promise<HostTensor<TypedArray>> {
  const source = await openSource('readNpy', input, options);
  const start = await source.read(0, Math.min(NPY_START, source.size));
  const { shape, type, columns, dataOffset, byteLength } = parseNpyHeader(source.name, start, source.size);
  if (!type) {
    throw new FormatError(source.name, 'an array of numbers', 'pickled objects', 'readStateDict reads dictionaries.');
  }
  const bytes = await source.read(dataOffset, byteLength);
  return hostTensor(decodeArray(source.name, { shape, type, bytes, columns }), shape, type.type.dtype);
}
