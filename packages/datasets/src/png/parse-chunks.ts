import { FormatError } from '@wsss/core';
import { crc32 } from '@wsss/formats';
import { MOST_PIXELS } from '../image/most-pixels';
import { tiffOrientation } from '../image/tiff-orientation';

export type PngColor = 'grey' | 'rgb' | 'indexed' | 'grey-alpha' | 'rgb-alpha';

/** What a PNG says before its data. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly color: PngColor;
  readonly channels: number;
  readonly interlaced: boolean;
}

export interface PngChunks {
  readonly header: PngHeader;
  /** RGB of each index. */
  readonly palette: Uint8Array | undefined;
  /** 1 to 8, as EXIF has it. */
  readonly orientation: number;
  /** The compressed data, in pieces. */
  readonly data: readonly Uint8Array[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const colors: Readonly<Record<number, { color: PngColor; channels: number; depths: readonly number[] }>> = {
  0: { color: 'grey', channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { color: 'rgb', channels: 3, depths: [8, 16] },
  3: { color: 'indexed', channels: 1, depths: [1, 2, 4, 8] },
  4: { color: 'grey-alpha', channels: 2, depths: [8, 16] },
  6: { color: 'rgb-alpha', channels: 4, depths: [8, 16] },
};

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Goes through the chunks of a PNG and checks each one's length and checksum, and that none lacks. */
export function parseChunks(bytes: Uint8Array, file: string): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let orientation = 1;
  const data: Uint8Array[] = [];
  for (let at = 8; ; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (at + 12 + length > bytes.length) {
      const got = `the end of the file after ${bytes.length} bytes`;
      throw new FormatError(file, `a whole PNG chunk at ${at}`, got, 'Is the file cut short?');
    }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      const got = 'another';
      throw new FormatError(file, `the checksum of the PNG chunk at ${at}`, got, 'The file is damaged.');
    }
    if (!header && type !== 'IHDR') throw new FormatError(file, 'a PNG header as first chunk', `'${type}'`);
    if (type === 'IHDR') header = parseHeader(content, file);
    else if (type === 'PLTE') palette = parsePalette(content, file);
    else if (type === 'eXIf') orientation = tiffOrientation(content) ?? 1;
    else if (type === 'IDAT') data.push(content);
    else if (type === 'IEND') break;
    else if (/^[A-Z]/.test(type)) throw new FormatError(file, 'PNG chunks that are known', `'${type}'`);
    at += 12 + length;
  }
  if (!header || data.length === 0) throw new FormatError(file, 'a picture in the PNG', 'none');
  if (header.color === 'indexed' && !palette) throw new FormatError(file, 'a palette in the indexed PNG', 'none');
  return { header, palette, orientation, data };
}

function parseHeader(content: Uint8Array, file: string): PngHeader {
  if (content.length !== 13) throw new FormatError(file, 'a PNG header of 13 bytes', `${content.length}`);
  const view = new DataView(content.buffer, content.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, compression, filter, interlace] = content.subarray(8);
  const known = colors[type!];
  if (!known?.depths.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1) {
    throw new FormatError(file, 'a PNG header that can be', `colour type ${type} of ${depth} bits`);
  }
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) {
    throw new FormatError(file, `a PNG of 1 to ${MOST_PIXELS} pixels`, `${width} × ${height}`);
  }
  return { width, height, depth: depth!, color: known.color, channels: known.channels, interlaced: interlace === 1 };
}

function parsePalette(content: Uint8Array, file: string): Uint8Array {
  if (content.length === 0 || content.length % 3 !== 0 || content.length > 768) {
    throw new FormatError(file, 'a PNG palette of 1 to 256 colours', `${content.length} bytes`);
  }
  return content.slice();
}
