import { FormatError } from '@wsss/core';
import { nodeModule } from '../node-module';

/** What wraps the compressed data: zlib's header and checksum (PNG), nothing (zip), or gzip's. */
export type DeflateFormat = 'deflate' | 'deflate-raw' | 'gzip';

export interface InflateOptions {
  readonly format: DeflateFormat;
  /** How many bytes must come out. */
  readonly size: number;
  /** What messages call the file. */
  readonly name: string;
}

/** No bits stand for more than 258 bytes, and the shortest code for so many takes two. */
const LARGEST_RATIO = 1032;

/**
 * Decompresses to exactly `size` bytes.
 *
 * @throws {FormatError} that names the file, if the data are damaged or come to another size; before anything is
 *   allocated where they are too short for so many.
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  { format, size, name }: InflateOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (size > bytes.length * LARGEST_RATIO) {
    throw new FormatError(name, `${size} bytes of compressed data`, `${bytes.length}, which cannot hold as many`);
  }
  const zlib = nodeModule<typeof import('node:zlib')>('node:zlib');
  const { output, problem } = await (zlib ? inNode(zlib, bytes, format, size) : inBrowser(bytes, format, size));
  if (problem) throw new FormatError(name, 'sound compressed data', problem, 'The file is damaged or cut short.');
  if (output.length !== size) {
    throw new FormatError(name, `compressed data of ${size} bytes`, output.length > size ? 'more' : `${output.length}`);
  }
  return output;
}

interface Inflated {
  /** Longer than asked for, if there is more. */
  readonly output: Uint8Array<ArrayBuffer>;
  readonly problem?: string;
}

function inNode(
  zlib: typeof import('node:zlib'),
  bytes: Uint8Array,
  format: DeflateFormat,
  size: number,
): Promise<Inflated> {
  const run = { deflate: zlib.inflate, 'deflate-raw': zlib.inflateRaw, gzip: zlib.gunzip }[format];
  // one byte more than expected, to see whether there is one
  const options = { chunkSize: Math.max(64, size + 1), maxOutputLength: size + 1 };
  return new Promise((resolve) => {
    run(bytes, options, (error, output) => {
      if (!error) resolve({ output: new Uint8Array(output.buffer as ArrayBuffer, output.byteOffset, output.length) });
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        resolve({ output: new Uint8Array(size + 1) });
      else resolve({ output: new Uint8Array(0), problem: error.message });
    });
  });
}

async function inBrowser(bytes: Uint8Array<ArrayBuffer>, format: DeflateFormat, size: number): Promise<Inflated> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => undefined); // the reader meets the same error
  const output = new Uint8Array(size + 1);
  let length = 0;
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const fits = value.subarray(0, size + 1 - length);
      output.set(fits, length);
      length += fits.length;
      if (length > size) {
        await reader.cancel();
        break;
      }
    }
    return { output: output.subarray(0, length) };
  } catch (error) {
    return { output: output.subarray(0, length), problem: (error as Error).message || 'data that are no code' };
  }
}
