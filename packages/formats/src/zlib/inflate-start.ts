import { FormatError } from '@wsss/core';
import { nodeModule } from '../node-module';
import type { InflateOptions } from './inflate';

/** Whether {@link inflateStart} can do with the first part of the data; a browser wants the whole. */
export function partSuffices(): boolean {
  return nodeModule('node:zlib') !== undefined;
}

/**
 * The first `size` bytes of compressed data.
 *
 * @throws {FormatError} that names the file, if the data are damaged or end before.
 */
export async function inflateStart(
  bytes: Uint8Array<ArrayBuffer>,
  { format, size, name }: InflateOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (size === 0) return new Uint8Array(0);
  const zlib = nodeModule<typeof import('node:zlib')>('node:zlib');
  const start = await (zlib ? inNode(zlib, bytes, format, size) : inBrowser(bytes, format, size));
  if (start.length >= size) return start.subarray(0, size);
  const got = `${start.length} before it ends or is damaged`;
  throw new FormatError(name, `${size} bytes of compressed data`, got, 'The file is damaged or cut short.');
}

type Format = InflateOptions['format'];

/** What comes out before an error; errors after enough has come do not matter. */
function inNode(
  zlib: typeof import('node:zlib'),
  bytes: Uint8Array,
  format: Format,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const make = { deflate: zlib.createInflate, 'deflate-raw': zlib.createInflateRaw, gzip: zlib.createGunzip }[format];
  const stream = make({ chunkSize: Math.max(64, size) });
  return new Promise((resolve) => {
    const output = new Uint8Array(size);
    let length = 0;
    const finish = () => {
      resolve(output.subarray(0, length));
      stream.destroy();
    };
    stream.on('data', (piece: Uint8Array) => {
      const fits = piece.subarray(0, size - length);
      output.set(fits, length);
      length += fits.length;
      if (length === size) finish();
    });
    stream.on('error', finish);
    stream.on('end', finish);
    stream.write(bytes);
    stream.flush(finish);
  });
}

async function inBrowser(
  bytes: Uint8Array<ArrayBuffer>,
  format: Format,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  writer
    .write(bytes)
    .then(() => writer.close())
    .catch(() => undefined); // of damage, or of stopping early
  const reader = stream.readable.getReader();
  const output = new Uint8Array(size);
  let length = 0;
  try {
    while (length < size) {
      const { done, value } = await reader.read();
      if (done) break;
      const fits = value.subarray(0, size - length);
      output.set(fits, length);
      length += fits.length;
    }
    await reader.cancel();
  } catch {
    // what came before is what there is
  }
  return output.subarray(0, length);
}
