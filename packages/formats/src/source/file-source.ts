import { FormatError } from '@wsss/core';
import { nodeModule } from '../node-module';
import type { ByteSource } from './byte-source';
import { checkRange } from './check-range';

type FileSystem = typeof import('node:fs');

/** How long a file stays open after the last reading: tensors are mostly read one after the other. */
const LINGER = 50;
/** What is read at once: it fits into the processor's cache, and takes a fraction of a millisecond. */
const PIECE = 2 ** 20;
/** How long others may have to wait, in milliseconds. */
const PATIENCE = 20;

/**
 * A file on this machine (Node). It is open only while something is being read, and a moment longer.
 *
 * Pieces are read synchronously, which is twice as fast as handing each to a thread and back; every few milliseconds
 * the rest of the program gets its turn.
 */
export async function fileSource(path: string, name = path): Promise<ByteSource> {
  const fs = nodeModule<FileSystem>('node:fs');
  if (!fs) throw new FormatError(name, 'bytes, a Blob or a URL', 'a path', 'Paths are read in Node only.');
  const found = attempt(name, () => fs.statSync(path));
  if (!found.isFile()) throw unreadable(name, found.isDirectory() ? 'a folder' : 'no plain file');
  const { size, mtimeMs } = found;

  let descriptor: number | undefined;
  let closing: ReturnType<typeof setTimeout> | undefined;

  function open(): number {
    const opened = attempt(name, () => fs!.openSync(path, 'r'));
    const now = fs!.fstatSync(opened);
    if (now.size === size && now.mtimeMs === mtimeMs) return opened;
    fs!.closeSync(opened);
    throw new FormatError(name, `the file of ${size} bytes that was opened`, 'one that has changed since');
  }

  function close(): void {
    if (descriptor !== undefined) fs!.closeSync(descriptor);
    descriptor = undefined;
  }

  function readPiece(piece: Uint8Array, offset: number): void {
    clearTimeout(closing);
    descriptor ??= open();
    try {
      for (let done = 0; done < piece.length; ) {
        const count = fs!.readSync(descriptor, piece, done, piece.length - done, offset + done);
        if (count === 0) throw new FormatError(name, `${piece.length} bytes at ${offset}`, `only ${done}`);
        done += count;
      }
    } finally {
      closing = setTimeout(close, LINGER);
      (closing as Partial<NodeJS.Timeout>).unref?.(); // a program may end before
    }
  }

  return {
    name,
    size,
    async read(offset, length, each) {
      checkRange(name, size, offset, length);
      const bytes = unfilled(length);
      for (let at = 0; at < length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE);
        attempt(name, () => readPiece(piece, offset + at));
        each?.(piece);
        await othersTurn();
      }
      return bytes;
    },
  };
}

/** Memory that every byte of will be written before anybody sees it: need not be cleared first. */
function unfilled(length: number): Uint8Array<ArrayBuffer> {
  const { Buffer } = nodeModule<typeof import('node:buffer')>('node:buffer')!;
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer as ArrayBuffer, 0, length);
}

let lastTurn = 0;

/** Lets timers and events have their turn, if they have had none for a while. */
async function othersTurn(): Promise<void> {
  if (performance.now() - lastTurn < PATIENCE) return;
  await new Promise<void>((resolve) => setImmediate(resolve));
  lastTurn = performance.now();
}

function attempt<T>(name: string, access: () => T): T {
  try {
    return access();
  } catch (error) {
    throw error instanceof FormatError ? error : unreadable(name, error);
  }
}

function unreadable(name: string, cause: unknown): FormatError {
  const { code } = cause as { code?: string };
  const got = code === 'ENOENT' ? 'no such file' : String(code ?? cause);
  return Object.assign(new FormatError(name, 'a file that can be read', got), { cause });
}
