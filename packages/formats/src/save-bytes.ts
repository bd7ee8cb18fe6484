import { ValueError } from '@wsss/core';
import { nodeModule } from './node-module';

/**
 * Writes a file whole or not at all (Node): under a temporary name in the same folder, which is made where it lacks,
 * then renamed. Whoever reads `path` meanwhile sees the old file or the new one, never a part.
 *
 * @throws {ValueError} outside of Node; the error of the file system, after the temporary file is gone.
 */
export async function saveBytes(path: string | URL, bytes: Uint8Array): Promise<void> {
  const fs = nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  const { dirname } = nodeModule<typeof import('node:path')>('node:path') ?? {};
  const { fileURLToPath } = nodeModule<typeof import('node:url')>('node:url') ?? {};
  if (!fs || !dirname || !fileURLToPath) {
    throw new ValueError('saveBytes', 'path', 'to be used in Node', path, 'In a browser, offer a Blob for download.');
  }
  const target = path instanceof URL ? fileURLToPath(path) : path;
  await fs.mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${globalThis.crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await fs.writeFile(temporary, bytes);
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}
