import { FormatError, ValueError } from '@wsss/core';
import type { NodeModules } from './node';

/**
 * The SHA-256 that a file should have, or its beginning: the one given, or the one that torch's files carry in their
 * name (`resnet50-19c8e357.pth`).
 *
 * @throws {ValueError} if what is given is no SHA-256.
 */
export function expectedChecksum(given: string | undefined, fileName: string): string | undefined {
  if (given !== undefined && !/^[0-9a-f]{8,64}$/i.test(given)) {
    throw new ValueError('loadPretrained', 'sha256', 'to be 8 to 64 hexadecimal digits', given);
  }
  return (given ?? /-([0-9a-f]{8})\.\w+$/.exec(fileName)?.[1])?.toLowerCase();
}

/** @throws {FormatError} if the file's SHA-256 begins otherwise. */
export async function checkFile(node: NodeModules, path: string, name: string, expected: string): Promise<void> {
  const hash = node.crypto.createHash('sha256');
  const file = await node.fs.open(path);
  try {
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) hash.update(chunk);
  } finally {
    await file.close();
  }
  compare(hash.digest('hex'), name, expected);
}

/** @throws {FormatError} if the blob's SHA-256 begins otherwise. */
export async function checkBlob(blob: Blob, name: string, expected: string): Promise<void> {
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  compare([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''), name, expected);
}

function compare(found: string, name: string, expected: string): void {
  if (found.startsWith(expected)) return;
  throw new FormatError(
    name,
    `SHA-256 ${expected}`,
    found.slice(0, expected.length),
    'It is another file than the one asked for, or was damaged on its way.',
  );
}
