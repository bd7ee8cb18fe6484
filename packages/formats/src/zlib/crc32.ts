import { nodeModule } from '../node-module';

type Crc32 = (bytes: Uint8Array, before?: number) => number;
let native: Crc32 | undefined;
let tables: Uint32Array | undefined;

/**
 * The checksum of zip and PNG (ISO 3309), 32 bits.
 *
 * @param before The checksum of the bytes that come before these, to go on from.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  native ??= nodeModule<{ crc32?: Crc32 }>('node:zlib')?.crc32;
  return native ? native(bytes, before) : portableCrc32(bytes, before);
}

/** The same without Node: eight bytes at a time. */
export function portableCrc32(bytes: Uint8Array, before = 0): number {
  tables ??= eightTables();
  const t = tables;
  let crc = ~before;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      t[1792 + (crc & 255)]! ^
      t[1536 + ((crc >>> 8) & 255)]! ^
      t[1280 + ((crc >>> 16) & 255)]! ^
      t[1024 + (crc >>> 24)]! ^
      t[768 + bytes[i + 4]!]! ^
      t[512 + bytes[i + 5]!]! ^
      t[256 + bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = t[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Table k: what a byte does to the checksum k bytes later. */
function eightTables(): Uint32Array {
  const t = new Uint32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let crc = n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    t[n] = crc;
  }
  for (let n = 256; n < t.length; n++) t[n] = t[t[n - 256]! & 255]! ^ (t[n - 256]! >>> 8);
  return t;
}
