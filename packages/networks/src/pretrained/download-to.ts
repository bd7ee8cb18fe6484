import { FormatError } from '@wsss/core';
import type { NodeModules } from './node';

export interface DownloadOptions {
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
  readonly signal?: AbortSignal;
  /** What to say when there is no answer. */
  readonly offlineHint: string;
}

/**
 * Downloads a file to `path`; what an earlier attempt left there is gone on with, if the server still has the same
 * file. On failure the part stays for the next attempt.
 *
 * @throws {FormatError} that names the URL, if it cannot be had whole.
 */
export async function downloadTo(node: NodeModules, url: URL, path: string, options: DownloadOptions): Promise<void> {
  const tagPath = `${path}.tag`;
  let have = (await node.fs.stat(path).catch(() => undefined))?.size ?? 0;
  const tag = have > 0 ? await node.fs.readFile(tagPath, 'utf8').catch(() => '') : '';
  // Without a tag nobody knows whether the rest would be of the same file.
  if (tag === '') have = 0;
  let response = await request(url, have, tag, options);
  if (response.status === 416) {
    await response.body?.cancel();
    response = await request(url, 0, '', options);
  }
  const goesOn = response.status === 206 && startOf(response) === have;
  if (!response.ok || (response.status === 206 && !goesOn)) {
    throw new FormatError(url.href, 'a file to download', `status ${response.status}`);
  }
  if (!goesOn) have = 0;
  await node.fs.writeFile(tagPath, response.headers.get('etag') ?? response.headers.get('last-modified') ?? '');
  const encoded = response.headers.get('content-encoding');
  const rest = encoded ? Number.NaN : Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isSafeInteger(rest) ? have + rest : undefined;

  const file = await node.fs.open(path, goesOn ? 'a' : 'w');
  let loaded = have;
  try {
    for await (const chunk of chunks(response, url, options.signal)) {
      await file.write(chunk);
      loaded += chunk.length;
      options.onProgress?.(loaded, total);
    }
  } finally {
    await file.close();
  }
  if (total !== undefined && loaded !== total) {
    throw new FormatError(url.href, `${total} bytes`, `${loaded}`, 'The download was cut short: call again to go on.');
  }
  await node.fs.rm(tagPath, { force: true });
}

async function request(url: URL, have: number, tag: string, { signal, offlineHint }: DownloadOptions) {
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-`, 'if-range': tag } : {};
  try {
    return await fetch(url, { headers, ...(signal && { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw Object.assign(new FormatError(url.href, 'a file to download', 'no answer', offlineHint), { cause });
  }
}

const startOf = (response: Response) => Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]);

async function* chunks(response: Response, url: URL, signal: AbortSignal | undefined) {
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      signal?.throwIfAborted();
      const hint = 'The download was cut short: call again to go on.';
      throw Object.assign(new FormatError(url.href, 'the whole file', 'a broken connection', hint), { cause });
    });
    if (done) return;
    yield value;
  }
}
