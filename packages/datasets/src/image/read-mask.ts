import { type BinaryInput, readBytes } from '@wsss/formats';
import { decodeIndexedPng, type IndexedImage } from './decode-indexed-png';
import { nameOf } from './name-of';

/**
 * Reads the class indices of a mask: see {@link decodeIndexedPng}.
 *
 * @param input A path (in a browser: an address), a `URL`, a `Blob` or `File`, or bytes.
 */
export async function readMask(input: BinaryInput, options: { readonly name?: string } = {}): Promise<IndexedImage> {
  const name = options.name ?? nameOf(input);
  return decodeIndexedPng(await readBytes(input, { name }), { name });
}
