import { FormatError } from '@wsss/core';
import type { OpenOptions } from './byte-source';

/** Fetches a URL whole, into a `Blob`: browsers may keep a large one on disk. */
export async function download(url: URL, { name = url.href, onProgress, signal }: OpenOptions): Promise<Blob> {
  const response = await fetch(url, signal ? { signal } : {}).catch((cause: unknown) => {
    signal?.throwIfAborted();
    const hint = 'Is the address right, and the network there?';
    throw Object.assign(new FormatError(name, 'a file to download', 'no answer', hint), { cause });
  });
  if (!response.ok) throw new FormatError(name, 'a file to download', `status ${response.status}`);
  const encoded = response.headers.get('content-encoding');
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isSafeInteger(length) && length >= 0 && !encoded ? length : undefined;

  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw Object.assign(new FormatError(name, 'the whole file', `${loaded} bytes, then a broken connection`), {
        cause,
      });
    });
    if (done) break;
    chunks.push(value);
    loaded += value.length;
    onProgress?.(loaded, total);
  }
  if (total !== undefined && loaded !== total) {
    throw new FormatError(name, `${total} bytes`, `${loaded}`, 'The download was cut short: try again.');
  }
  return new Blob(chunks);
}
