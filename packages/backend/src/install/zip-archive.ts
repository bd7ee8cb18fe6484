import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { FormatError } from '@wsss/core';

interface Entry {
  readonly offset: number;
  readonly compressed: number;
  readonly size: number;
  readonly method: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** The files of a zip archive, which is what a Python wheel is. Up to 4 GiB, stored or deflated. */
export class ZipArchive {
  private constructor(
    readonly path: string,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws {FormatError} if it is no whole archive. */
  static async open(path: string): Promise<ZipArchive> {
    const file = await open(path);
    try {
      return new ZipArchive(path, await readDirectory(file, path));
    } finally {
      await file.close();
    }
  }

  names(): string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** In bytes, taken out. */
  size(name: string): number {
    return this.entry(name).size;
  }

  /** A small file as text. */
  async text(name: string): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.stream(name)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }

  /**
   * Takes a file out.
   *
   * @returns Its SHA-256, in the form that wheels write it: base64 for URLs, without padding.
   */
  async extract(name: string, target: string): Promise<string> {
    const hash = createHash('sha256');
    let length = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        length += chunk.length;
        done(null, chunk);
      },
    });
    await pipeline(await this.stream(name), count, createWriteStream(target));
    const { size } = this.entry(name);
    if (length !== size) throw new FormatError(this.path, `${size} bytes in ${name}`, `${length}`);
    return hash.digest('base64url');
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (!entry) throw new FormatError(this.path, `a file ${name} in it`, 'none');
    return entry;
  }

  private async stream(name: string): Promise<NodeJS.ReadableStream> {
    const { offset, compressed, method, size } = this.entry(name);
    if (method !== 0 && method !== 8)
      throw new FormatError(this.path, `${name} stored or deflated`, `method ${method}`);
    const start = offset + (await this.localHeaderLength(offset, name));
    // There is no range of no bytes.
    if (size === 0) return Readable.from([]);
    const raw = createReadStream(this.path, { start, end: start + compressed - 1, highWaterMark: 2 ** 20 });
    if (method === 0) return raw;
    const inflate = createInflateRaw({ chunkSize: 2 ** 20 });
    raw.on('error', (error) => inflate.destroy(error));
    return raw.pipe(inflate);
  }

  private async localHeaderLength(offset: number, name: string): Promise<number> {
    const file = await open(this.path);
    try {
      const header = await readAt(file, offset, 30);
      if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) {
        throw new FormatError(this.path, `the header of ${name} at byte ${offset}`, 'something else');
      }
      return 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    } finally {
      await file.close();
    }
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function readDirectory(file: FileHandle, path: string): Promise<Map<string, Entry>> {
  const { size } = await file.stat();
  const tailStart = Math.max(0, size - 65_557);
  const tail = await readAt(file, tailStart, size - tailStart);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  const hint = 'The download was cut short, or it is no wheel.';
  if (end < 0) throw new FormatError(path, 'the end of a zip archive', 'none', hint);
  const count = tail.readUInt16LE(end + 10);
  const [length, start] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (count === 0xffff || start === 0xffffffff) throw new FormatError(path, 'an archive below 4 GiB', 'a larger one');
  const directory = await readAt(file, start, length);
  const entries = new Map<string, Entry>();
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL) {
      throw new FormatError(path, `${count} files listed`, `${i}`, hint);
    }
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    entries.set(name, {
      method: directory.readUInt16LE(at + 10),
      compressed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}
