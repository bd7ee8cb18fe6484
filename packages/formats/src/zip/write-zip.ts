import { ValueError } from '@wsss/core';
import { crc32 } from '../zlib/crc32';

export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where torch wants the data of every file to begin. */
const ALIGNMENT = 64;
const LARGEST = 2 ** 32 - 2;

/**
 * A zip of files as they are, uncompressed, the data of each at a multiple of 64 bytes.
 *
 * @throws {ValueError} if it would be larger than 4 GiB, which needs another form of zip.
 */
export function writeZip(where: string, files: readonly ZipFile[]): Uint8Array<ArrayBuffer> {
  const places: { name: Uint8Array; bytes: Uint8Array; header: number; data: number; crc: number }[] = [];
  let end = 0;
  for (const { name, bytes } of files) {
    const encoded = new TextEncoder().encode(name);
    const header = end;
    // an extra field (4 bytes and more) fills up to where the data begin
    const data = Math.ceil((header + 30 + encoded.length + 4) / ALIGNMENT) * ALIGNMENT;
    places.push({ name: encoded, bytes, header, data, crc: crc32(bytes) });
    end = data + bytes.length;
  }
  const directory = end;
  const size = directory + places.reduce((sum, { name }) => sum + 46 + name.length, 0) + 22;
  if (size > LARGEST || places.length > 65534) {
    throw new ValueError(
      where,
      'tensors',
      'to fit in 4 GiB and 65534 files',
      `${size} bytes`,
      'writeSafetensors has no limit.',
    );
  }

  const zip = new Uint8Array(size);
  const view = new DataView(zip.buffer);
  let at = directory;
  for (const { name, bytes, header, data, crc } of places) {
    view.setUint32(header, 0x04034b50, true);
    writeFields(view, header + 4, crc, bytes.length, name.length);
    const extra = header + 30 + name.length;
    view.setUint16(header + 28, data - extra, true);
    zip.set(name, header + 30);
    view.setUint16(extra, 0x4246, true); // 'FB', as torch calls its padding
    view.setUint16(extra + 2, data - extra - 4, true);
    zip.fill(0x5a, extra + 4, data);
    zip.set(bytes, data);

    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 20, true); // made by: version 2.0
    writeFields(view, at + 6, crc, bytes.length, name.length);
    view.setUint32(at + 42, header, true);
    zip.set(name, at + 46);
    at += 46 + name.length;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, places.length, true);
  view.setUint16(at + 10, places.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return zip;
}

/** What the header of a file and its entry in the directory share, from the version on. */
function writeFields(view: DataView, at: number, crc: number, size: number, nameSize: number): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, 0x0800, true); // names are UTF-8
  view.setUint16(at + 8, 0x0021, true); // 1 January 1980: equal tensors make equal files
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, nameSize, true);
}
