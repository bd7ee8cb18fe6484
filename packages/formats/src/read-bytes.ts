import type { BinaryInput, OpenOptions } from './source/byte-source';
import { openSource } from './source/open-source';

/**
 * All bytes of a file, `Blob`, `URL`, or of bytes themselves (which are not copied).
 *
 * @throws {FormatError} that names the file, if it is not there, cannot be read, or ends early.
 */
export async function readBytes(input: BinaryInput, options: OpenOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const source = await openSource('readBytes', input, options);
  return source.read(0, source.size);
}
