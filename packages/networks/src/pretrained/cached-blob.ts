import { FormatError } from '@wsss/core';
import type { CacheOptions } from './cached-file';
import { checkBlob, expectedChecksum } from './checksum';

/** A URL's file from the browser's cache storage, fetched, checked and kept there if it is new. */
export async function cachedBlob(url: URL, { cache, sha256, onProgress, signal }: CacheOptions): Promise<Blob> {
  const storage = await globalThis.caches?.open(cache ?? 'wsss');
  const kept = await storage?.match(url);
  if (kept) return kept.blob();
  const response = await fetch(url, signal ? { signal } : {}).catch((cause: unknown) => {
    signal?.throwIfAborted();
    const hint = 'Is there a network, and may this page read from that server (CORS)?';
    throw Object.assign(new FormatError(url.href, 'a file to download', 'no answer', hint), { cause });
  });
  if (!response.ok) throw new FormatError(url.href, 'a file to download', `status ${response.status}`);
  const blob = await response.blob();
  onProgress?.(blob.size, blob.size);
  const checksum = expectedChecksum(sha256, url.pathname.split('/').at(-1)!);
  if (checksum !== undefined) await checkBlob(blob, url.href, checksum);
  await storage?.put(url, new Response(blob));
  return blob;
}
