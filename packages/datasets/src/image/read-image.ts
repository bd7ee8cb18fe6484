import type { HostTensor } from '@wsss/core';
import { type BinaryInput, readBytes } from '@wsss/formats';
import { type DecodeImageOptions, decodeImage } from './decode-image';
import { nameOf } from './name-of';

/**
 * Reads and decodes a JPEG or PNG: see {@link decodeImage}.
 *
 * @param input A path (in a browser: an address), a `URL`, a `Blob` or `File`, or bytes.
 */
export async function readImage(input: BinaryInput, options: DecodeImageOptions = {}): Promise<HostTensor<Uint8Array>> {
  const name = options.name ?? nameOf(input);
  return decodeImage(await readBytes(input, { name }), { ...options, name });
}
