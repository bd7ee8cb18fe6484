import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { installError, knownReason } from './install-error';

/** A file that a Python package index offers. */
export interface IndexFile {
  readonly filename: string;
  readonly url: string;
  readonly sha256: string;
}

/** PyPI, unless pip is told of another. */
export const indexUrl = (): string => (process.env.PIP_INDEX_URL ?? 'https://pypi.org/simple').replace(/\/+$/, '');

/** What an index offers of a project, by PEP 503 (HTML) or PEP 691 (JSON). Files without a checksum are left out. */
export async function indexFiles(project: string, index = indexUrl()): Promise<IndexFile[]> {
  const url = `${index}/${project}/`;
  const accept = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5';
  const response = await request(url, { headers: { accept } });
  const base = response.url || url;
  const body = await response.text();
  if (response.headers.get('content-type')?.includes('json')) {
    const { files } = JSON.parse(body) as {
      files: { filename: string; url: string; hashes: { sha256?: string }; yanked?: unknown }[];
    };
    return files.flatMap(({ filename, url: href, hashes: { sha256 }, yanked }) =>
      sha256 && !yanked ? [{ filename, url: new URL(href, base).href, sha256 }] : [],
    );
  }
  return [...body.matchAll(/<a\s[^>]*href="([^"]+)#sha256=([0-9a-f]{64})"[^>]*>\s*([^<\s]+)\s*<\/a>/gi)].map(
    ([, href, sha256, filename]) => ({
      filename: filename!,
      url: new URL(href!.replaceAll('&amp;', '&'), base).href,
      sha256: sha256!,
    }),
  );
}

/**
 * Downloads a file into a folder, under its own name once it is whole and its checksum is right.
 *
 * @throws {BackendError} if the checksum is another, or the connection breaks off.
 */
export async function downloadFile({ filename, url, sha256 }: IndexFile, folder: string): Promise<string> {
  const response = await request(url);
  const [partial, target] = [join(folder, `${filename}.part`), join(folder, filename)];
  const hash = createHash('sha256');
  const sum = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body as never), sum, createWriteStream(partial)).catch((cause: unknown) => {
    throw installError(`the download of ${filename} broke off`, 'Run the same command again', cause);
  });
  const found = hash.digest('hex');
  if (found !== sha256) {
    throw installError(`${filename} came with the SHA-256 ${found}, and the index says ${sha256}`, 'Run it again');
  }
  await rename(partial, target);
  return target;
}

async function request(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    const { problem, remedy } = knownReason('fetch failed')!;
    throw installError(`${problem}: ${url}`, remedy, cause);
  }
  if (response.ok && response.body) return response;
  const remedy = response.status === 404 ? 'Is there such a version? PIP_INDEX_URL names another index' : undefined;
  throw installError(`${url} answered ${response.status} ${response.statusText}`, remedy);
}
