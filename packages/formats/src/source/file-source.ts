import { FormatError } from '@wsss/core';
import { nodeModule } from '../node-module';
import type { ByteSource } from './byte-source';
import { checkRange } from './check-range';

type Handle = import('node:fs/promises').FileHandle;

/** A file on this machine (Node). It is open only while something is being read. */
export async function fileSource(path: string, name = path): Promise<ByteSource> {
  const fs = nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  if (!fs) throw new FormatError(name, 'bytes, a Blob or a URL', 'a path', 'Paths are read in Node only.');
  const found = await fs.stat(path).catch((cause) => Promise.reject(unreadable(name, cause)));
  if (!found.isFile()) throw unreadable(name, found.isDirectory() ? 'a folder' : 'no plain file');
  const { size, mtimeMs } = found;

  let handle: Promise<Handle> | undefined;
  let readers = 0;

  async function open(): Promise<Handle> {
    const opened = await fs!.open(path).catch((cause) => Promise.reject(unreadable(name, cause)));
    const now = await opened.stat();
    if (now.size === size && now.mtimeMs === mtimeMs) return opened;
    await opened.close();
    throw new FormatError(name, `the file of ${size} bytes that was opened`, 'one that has changed since');
  }

  return {
    name,
    size,
    async read(offset, length) {
      checkRange(name, size, offset, length);
      readers++;
      handle ??= open();
      const mine = handle;
      try {
        return await readFully(await mine, name, offset, length);
      } finally {
        if (--readers === 0) {
          handle = undefined;
          await mine.then(
            (opened) => opened.close(),
            () => undefined, // it was never open; `read` already throws the reason
          );
        }
      }
    },
  };
}

async function readFully(handle: Handle, name: string, offset: number, length: number) {
  const bytes = new Uint8Array(length);
  const most = 2 ** 30; // a single read of Node is limited to 2 GiB
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(most, length - done), offset + done);
    if (bytesRead === 0) throw new FormatError(name, `${length} bytes at ${offset}`, `only ${done}`);
    done += bytesRead;
  }
  return bytes;
}

function unreadable(name: string, cause: unknown): FormatError {
  const { code } = cause as { code?: string };
  const got = code === 'ENOENT' ? 'no such file' : String(code ?? cause);
  return Object.assign(new FormatError(name, 'a file that can be read', got), { cause });
}
