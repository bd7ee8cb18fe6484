import { ValueError } from '@wsss/core';
import { saveBytes } from '@wsss/formats';
import type { ReportContent } from './content';
import { report } from './report';

/**
 * Makes a {@link report} and writes it to a file, whole or not at all (Node).
 *
 * @param path Where to; folders that lack are made, a file that is there is replaced.
 * @returns The absolute path of the file.
 * @throws {ValueError} outside of Node, and as {@link report}; the error of the file system.
 */
export async function writeReport(path: string, content: ReportContent): Promise<string> {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } };
  const nodePath = process?.getBuiltinModule?.('node:path') as typeof import('node:path') | undefined;
  if (!nodePath) {
    const hint = 'In a browser, show what `report` returns, or offer it for download.';
    throw new ValueError('writeReport', 'path', 'to be used in Node', path, hint);
  }
  if (typeof path !== 'string' || !path) throw new ValueError('writeReport', 'path', 'to be the path of a file', path);
  const target = nodePath.resolve(path);
  await saveBytes(target, new TextEncoder().encode(await report(content)));
  return target;
}
