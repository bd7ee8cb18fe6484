import { posix } from 'node:path';
import type { ZipArchive } from './zip-archive';

/** Where headers lie in the wheels of different versions. */
const ROOTS = ['', 'external/local_tsl/', 'external/local_xla/', 'external/com_google_absl/'].map(
  (root) => `tensorflow/include/${root}`,
);

/** A header: its file in the wheel, and the path by which it is included. */
export interface Header {
  readonly file: string;
  readonly include: string;
}

/** The headers that sources include, those that these include, and so on. Of thousands in a wheel it is some twenty. */
export async function includedHeaders(
  archive: Pick<ZipArchive, 'has' | 'text'>,
  sources: readonly string[],
): Promise<Header[]> {
  const found = new Map<string, Header>();
  const queue = sources.flatMap((text) => includes(text, ''));
  for (let include = queue.pop(); include !== undefined; include = queue.pop()) {
    const file = ROOTS.map((root) => root + include).find((name) => archive.has(name));
    if (!file || found.has(include)) continue;
    found.set(include, { file, include });
    queue.push(...includes(await archive.text(file), posix.dirname(include)));
  }
  return [...found.values()];
}

/** Both from the root and, in quotes, beside the file itself. */
function includes(text: string, folder: string): string[] {
  return [...text.matchAll(/^\s*#\s*include\s+(["<])([^">]+)[">]/gm)].flatMap(([, quote, path]) =>
    quote === '"' && folder ? [path!, posix.join(folder, path!)] : [path!],
  );
}
