import { ValueError } from '@wsss/core';
import { nodeModule } from '../node-module';
import { blobSource } from './blob-source';
import type { BinaryInput, ByteSource, OpenOptions } from './byte-source';
import { bytesSource } from './bytes-source';
import { download } from './download';
import { fileSource } from './file-source';

/** Makes any input readable piece by piece; only a URL is read at once. */
export async function openSource(where: string, input: BinaryInput, options: OpenOptions = {}): Promise<ByteSource> {
  const source = await open(where, input, options);
  return options.onProgress || options.signal ? watched(source, options) : source;
}

async function open(where: string, input: BinaryInput, options: OpenOptions): Promise<ByteSource> {
  const { name } = options;
  if (ArrayBuffer.isView(input)) {
    return bytesSource(new Uint8Array(input.buffer as ArrayBuffer, input.byteOffset, input.byteLength), name);
  }
  if (input instanceof ArrayBuffer) return bytesSource(new Uint8Array(input), name);
  if (typeof Blob !== 'undefined' && input instanceof Blob) return blobSource(input, name);
  const address = addressOf(where, input);
  if (typeof address === 'string') return fileSource(address, name);
  return blobSource(await download(address, options), name ?? address.href);
}

/** A path on this machine, or the URL to fetch. */
function addressOf(where: string, input: unknown): string | URL {
  const paths = nodeModule<typeof import('node:url')>('node:url');
  if (input instanceof URL) return input.protocol === 'file:' && paths ? paths.fileURLToPath(input) : input;
  if (typeof input !== 'string' || input === '') {
    throw new ValueError(where, 'input', 'to be bytes, a Blob, a URL or a path', input);
  }
  if (/^(https?|file|blob|data):/i.test(input)) return addressOf(where, new URL(input));
  if (paths) return input;
  const base = (globalThis as { location?: { href: string } }).location?.href;
  return new URL(input, base);
}

function watched(source: ByteSource, { onProgress, signal }: OpenOptions): ByteSource {
  let loaded = 0;
  return {
    name: source.name,
    size: source.size,
    async read(offset, length, each) {
      signal?.throwIfAborted();
      const bytes = await source.read(offset, length, each);
      loaded += length;
      onProgress?.(Math.min(loaded, source.size), source.size);
      return bytes;
    },
  };
}
