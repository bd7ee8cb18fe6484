import { FormatError } from '@wsss/core';
import type { ByteSource } from '../source/byte-source';

/** One file inside a zip. */
export interface ZipEntry {
  readonly name: string;
  readonly compressed: boolean;
  readonly crc: number;
  /** Bytes in the zip, and what they become. */
  readonly packedSize: number;
  readonly size: number;
  /** Where its own header begins; its data follow that. */
  readonly headerOffset: number;
}

const END_SIZE = 22;
const LONGEST_COMMENT = 65535;
/** Entries of a directory that is not made up: 64 MiB of it. */
const LARGEST_DIRECTORY = 2 ** 26;

/**
 * The directory of a zip, in its order, once it is known that no two entries share bytes and none is encrypted.
 *
 * Source: PKWARE, APPNOTE.TXT, sections 4.3 and 4.5.3 (zip64).
 */
export async function readDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { offset, size, count } = await findDirectory(source);
  const bytes = await source.read(offset, size);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { entry, end } = parseEntry(source.name, bytes, at);
    if (entries.has(entry.name))
      throw new FormatError(source.name, 'every name in the zip once', `'${entry.name}' twice`);
    entries.set(entry.name, entry);
    at = end;
  }
  checkApart(source.name, [...entries.values()], offset);
  return entries;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(file: string, expected: string, got: string): FormatError {
  return new FormatError(file, expected, got, 'Is the file cut short or damaged?');
}

/** 64 bits, as a number; what numbers do not hold is beyond every file. */
function long(bytes: DataView, at: number): number {
  return Number(bytes.getBigUint64(at, true));
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; size: number; count: number }> {
  const { name: file, size: length } = source;
  const tailSize = Math.min(length, END_SIZE + LONGEST_COMMENT);
  const tail = view(await source.read(length - tailSize, tailSize));
  let end = tailSize - END_SIZE;
  while (
    end >= 0 &&
    !(tail.getUint32(end, true) === 0x06054b50 && end + END_SIZE + tail.getUint16(end + 20, true) === tailSize)
  )
    end--;
  if (end < 0) throw damaged(file, "the zip's directory at its end", 'none');
  let count = tail.getUint16(end + 10, true);
  let size = tail.getUint32(end + 12, true);
  let offset = tail.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
    const locator = length - tailSize + end - 20;
    if (locator < 0) throw damaged(file, "the zip's second directory record", 'none');
    const found = view(await source.read(locator, 20));
    const record = long(found, 8);
    if (found.getUint32(0, true) !== 0x07064b50 || record > locator - 56) {
      throw damaged(file, "the zip's second directory record", 'none');
    }
    const wide = view(await source.read(record, 56));
    if (wide.getUint32(0, true) !== 0x06064b50) throw damaged(file, "the zip's second directory record", 'another');
    [count, size, offset] = [long(wide, 32), long(wide, 40), long(wide, 48)];
  }
  if (size > LARGEST_DIRECTORY || offset + size > length || count > size / 46) {
    throw damaged(file, `a zip directory within ${length} bytes`, `${count} entries in ${size} bytes at ${offset}`);
  }
  return { offset, size, count };
}

function parseEntry(file: string, bytes: Uint8Array, at: number): { entry: ZipEntry; end: number } {
  const header = view(bytes);
  if (at + 46 > bytes.length || header.getUint32(at, true) !== 0x02014b50) {
    throw damaged(file, 'an entry of the zip directory', 'something else');
  }
  const flags = header.getUint16(at + 8, true);
  const method = header.getUint16(at + 10, true);
  const [nameSize, extraSize] = [header.getUint16(at + 28, true), header.getUint16(at + 30, true)];
  const extra = at + 46 + nameSize;
  const end = extra + extraSize + header.getUint16(at + 32, true);
  if (end > bytes.length) throw damaged(file, 'an entry of the zip directory', 'a part of one');
  const name = new TextDecoder().decode(bytes.subarray(at + 46, extra));
  if (flags & 0x2041) throw new FormatError(file, 'a zip that is not encrypted', `'${name}' encrypted`);
  if (method !== 0 && method !== 8) {
    throw new FormatError(file, 'zip entries stored or deflated', `'${name}' packed by method ${method}`);
  }
  const sizes = [header.getUint32(at + 24, true), header.getUint32(at + 20, true), header.getUint32(at + 42, true)];
  widen(header, extra, extra + extraSize, sizes);
  const [size, packedSize, headerOffset] = sizes as [number, number, number];
  if (method === 0 && size !== packedSize) {
    throw damaged(file, `'${name}' stored as ${size} bytes`, `${packedSize}`);
  }
  return {
    entry: { name, compressed: method === 8, crc: header.getUint32(at + 16, true), packedSize, size, headerOffset },
    end,
  };
}

/** Fields of 32 bits that are full stand, in this order, with 64 bits in an extra field. */
function widen(header: DataView, start: number, end: number, sizes: number[]): void {
  for (let at = start; at + 4 <= end; at += 4 + header.getUint16(at + 2, true)) {
    if (header.getUint16(at, true) !== 1) continue;
    const stop = Math.min(end, at + 4 + header.getUint16(at + 2, true));
    let from = at + 4;
    for (let i = 0; i < sizes.length; i++) {
      if (sizes[i] !== 0xffffffff || from + 8 > stop) continue;
      sizes[i] = long(header, from);
      from += 8;
    }
  }
}

/** A zip whose entries share bytes unpacks to more than it should. */
function checkApart(file: string, entries: readonly ZipEntry[], limit: number): void {
  const byOffset = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  for (const [i, { name, headerOffset, packedSize }] of byOffset.entries()) {
    const end = headerOffset + 30 + new TextEncoder().encode(name).length + packedSize;
    const next = byOffset[i + 1]?.headerOffset ?? limit;
    if (end > next) throw damaged(file, `'${name}' of the zip to end before ${next}`, `an end at ${end}`);
  }
}
