import { FormatError, type HostTensor, hostTensor, ValueError } from '@wsss/core';
import { decodeJpeg } from '../jpeg/decode-jpeg';
import { isPng } from '../png/parse-chunks';
import { pngToRgb } from '../png/png-to-rgb';
import { readPng } from '../png/read-png';
import { orient } from './orient';

export interface DecodeImageOptions {
  /** What messages call the image. @default 'bytes' */
  readonly name?: string;
  /**
   * What to do with a photo that says (in EXIF) that the camera was held sideways: `'apply'` turns it upright, as
   * browsers and viewers show it; `'ignore'` leaves the pixels as they are stored, as Pillow does. @default 'apply'
   */
  readonly orientation?: 'apply' | 'ignore';
}

/**
 * Decodes a JPEG (baseline or progressive; grey, YCbCr, RGB, CMYK) or a PNG (any depth, grey, palette, alpha,
 * interlaced), with the same pixels in Node and in every browser: those that Pillow reads.
 *
 * Transparency is left out, not laid over a colour; of 16 bits the upper 8 are kept; colour profiles are not applied.
 *
 * @returns RGB, 0..255, `[h, w, 3]`.
 * @throws {FormatError} that names the image, if it is damaged, cut short, or of another kind.
 */
export async function decodeImage(
  bytes: Uint8Array | ArrayBuffer,
  { name = 'bytes', orientation = 'apply' }: DecodeImageOptions = {},
): Promise<HostTensor<Uint8Array>> {
  if (!(bytes instanceof ArrayBuffer) && !ArrayBuffer.isView(bytes)) {
    throw new ValueError('decodeImage', 'bytes', 'to be bytes', bytes, 'readImage takes paths, URLs and blobs.');
  }
  if (orientation !== 'apply' && orientation !== 'ignore') {
    throw new ValueError('decodeImage', 'orientation', "to be 'apply' or 'ignore'", orientation);
  }
  const file = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  const stored = await decode(file, name);
  const { width, height, pixels } = orientation === 'apply' ? orient(stored, stored.orientation) : stored;
  return hostTensor(pixels, [height, width, 3]);
}

async function decode(bytes: Uint8Array, name: string) {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes, name);
  if (!isPng(bytes)) throw new FormatError(name, 'a JPEG or PNG image', kindOf(bytes));
  const png = await readPng(bytes, name);
  return { width: png.width, height: png.height, pixels: pngToRgb(png, name), orientation: png.orientation };
}

/** What else it may be, by its first bytes. */
function kindOf(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  if (bytes.length === 0) return 'an empty file';
  if (text.startsWith('GIF8')) return 'a GIF';
  if (text.startsWith('BM')) return 'a BMP';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'a WebP';
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'a TIFF';
  if (text.slice(4, 8) === 'ftyp') return text.startsWith('avif', 8) ? 'an AVIF' : 'a HEIC or a video';
  if (text.startsWith('<')) return 'markup: an SVG, or a web page in place of the image';
  const first = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `a file that begins with ${first.join(' ')}`;
}
