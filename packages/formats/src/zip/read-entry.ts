import { FormatError } from '@wsss/core';
import type { ByteSource } from '../source/byte-source';
import { crc32 } from '../zlib/crc32';
import { inflate } from '../zlib/inflate';
import { inflateStart, partSuffices } from '../zlib/inflate-start';
import type { ZipEntry } from './read-directory';

/** A compressed entry may be as large without question; a larger one may not have shrunk too much. */
const LARGE = 2 ** 26;
const LARGEST_RATIO = 200;

/** Where the data of an entry begin. Its own header must agree with the directory. */
async function dataOffset(source: ByteSource, entry: ZipEntry): Promise<number> {
  const encoded = new TextEncoder().encode(entry.name).length;
  const room = source.size - entry.headerOffset;
  const bytes = await source.read(entry.headerOffset, Math.min(30 + encoded, room));
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const method = entry.compressed ? 8 : 0;
  const sound =
    bytes.length === 30 + encoded &&
    header.getUint32(0, true) === 0x04034b50 &&
    header.getUint16(8, true) === method &&
    header.getUint16(26, true) === encoded &&
    new TextDecoder().decode(bytes.subarray(30)) === entry.name;
  const offset = sound ? entry.headerOffset + 30 + encoded + header.getUint16(28, true) : 0;
  if (!sound || offset + entry.packedSize > source.size) {
    throw new FormatError(source.name, `'${entry.name}' where the zip directory says`, 'something else');
  }
  return offset;
}

/** All bytes of an entry, unpacked, once their checksum is right. */
export async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array<ArrayBuffer>> {
  const { name, size, packedSize } = entry;
  if (entry.compressed && size > LARGE && size > packedSize * LARGEST_RATIO) {
    const hint = 'It may be a bomb. If you trust it, save it anew without compression: numpy.savez.';
    throw new FormatError(
      source.name,
      `'${name}' to unpack to at most ${LARGEST_RATIO} times`,
      `${size} bytes of ${packedSize}`,
      hint,
    );
  }
  const offset = await dataOffset(source, entry);
  if (!entry.compressed) return readStored(source, entry, offset);
  const packed = await source.read(offset, packedSize);
  const bytes = await inflate(packed, { format: 'deflate-raw', size, name: `${source.name}: ${name}` });
  checkSum(source.name, entry, crc32(bytes));
  return bytes;
}

async function readStored(source: ByteSource, entry: ZipEntry, offset: number): Promise<Uint8Array<ArrayBuffer>> {
  let sum = 0;
  const bytes = await source.read(offset, entry.size, (piece) => {
    sum = crc32(piece, sum);
  });
  checkSum(source.name, entry, sum);
  return bytes;
}

/** The first bytes of an entry, unpacked, at most so many; their checksum is not known before the rest is. */
export async function readEntryStart(
  source: ByteSource,
  entry: ZipEntry,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const offset = await dataOffset(source, entry);
  const length = Math.min(most, entry.size);
  if (!entry.compressed) return source.read(offset, length);
  // deflate never makes data much longer
  const needed = partSuffices() ? Math.min(entry.packedSize, most + 1024) : entry.packedSize;
  const packed = await source.read(offset, needed);
  return inflateStart(packed, { format: 'deflate-raw', size: length, name: `${source.name}: ${entry.name}` });
}

/**
 * The unpacked bytes of an entry, read on demand.
 *
 * @param verify Whether to compare its checksum before any are given out. That of compressed data always is.
 */
export function entryBytes(source: ByteSource, entry: ZipEntry, verify: boolean) {
  let start: Promise<number> | undefined;
  let checked: Promise<void> | undefined;
  return {
    byteLength: entry.size,
    async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
      if (length === 0) return new Uint8Array(0);
      // with the whole at hand, comparing costs no second reading; a header before the data is as good as nothing
      if (entry.compressed || (verify && entry.size - length <= 4096)) {
        return (await readEntry(source, entry)).subarray(offset, offset + length);
      }
      start ??= dataOffset(source, entry);
      if (verify) {
        checked ??= checkEntry(source, entry, await start);
        await checked;
      }
      return source.read((await start) + offset, length);
    },
  };
}

/** Goes through an entry that is stored as it is, piece by piece, and compares its checksum. */
async function checkEntry(source: ByteSource, entry: ZipEntry, offset: number): Promise<void> {
  const piece = 2 ** 20;
  let sum = 0;
  for (let at = 0; at < entry.size; at += piece) {
    sum = crc32(await source.read(offset + at, Math.min(piece, entry.size - at)), sum);
  }
  checkSum(source.name, entry, sum);
}

function checkSum(file: string, { name, crc }: ZipEntry, found: number): void {
  if (found === crc) return;
  const hex = (sum: number) => sum.toString(16).padStart(8, '0');
  throw new FormatError(file, `checksum ${hex(crc)} of '${name}'`, hex(found), 'The file is damaged: fetch it again.');
}
