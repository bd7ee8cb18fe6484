import { FormatError, type HostTensor, hostTensor, ValueError } from '@wsss/core';
import { isPng } from '../png/parse-chunks';
import { readPng } from '../png/read-png';

/** A label map, with the colours that its file gives to the indices. */
export interface IndexedImage extends HostTensor<Uint8Array> {
  /** RGB of each index; `undefined` of a grey file. */
  readonly palette: Uint8Array | undefined;
}

/**
 * The indices of a PNG with a palette, or the values of a grey one: exactly as stored, 255 included.
 *
 * @returns `[h, w]`.
 * @throws {FormatError} that names the file, if it is damaged, cut short, or holds colours instead of indices.
 */
export async function decodeIndexedPng(
  bytes: Uint8Array | ArrayBuffer,
  { name = 'bytes' }: { readonly name?: string } = {},
): Promise<IndexedImage> {
  if (!(bytes instanceof ArrayBuffer) && !ArrayBuffer.isView(bytes)) {
    throw new ValueError('decodeIndexedPng', 'bytes', 'to be bytes', bytes, 'readMask takes paths, URLs and blobs.');
  }
  const file = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!isPng(file)) throw new FormatError(name, 'an indexed PNG', 'no PNG', 'Other formats do not keep indices.');
  const { width, height, samples, palette, color, depth } = await readPng(file, name);
  if ((color !== 'indexed' && color !== 'grey') || depth > 8) {
    const got = `one of ${color}, ${depth} bits`;
    throw new FormatError(name, 'a PNG of indices: with a palette, or grey of 8 bits', got, 'Save it with a palette.');
  }
  return { ...hostTensor(samples, [height, width]), palette: color === 'indexed' ? palette : undefined };
}
