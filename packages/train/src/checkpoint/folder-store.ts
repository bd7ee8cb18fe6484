import type * as FileSystem from 'node:fs/promises';
import type * as Path from 'node:path';
import { ValueError } from '@wsss/core';
import { nodeModule } from '../node-module';
import type { CheckpointStore } from './checkpoint-store';

const fileName = 'checkpoint.safetensors';

/**
 * A checkpoint in a folder of the file system (Node): `checkpoint.safetensors`, which other tools can read too. Written
 * under another name, flushed, and renamed, so that a process killed at any moment leaves the old one or the new one.
 *
 * @param directory Made if it is not there.
 * @throws {ValueError} outside Node.
 */
export function folderStore(directory: string): CheckpointStore {
  const fs = nodeModule<typeof FileSystem>('node:fs/promises');
  const path = nodeModule<typeof Path>('node:path');
  if (!fs || !path) {
    const hint = 'Give `checkpoint` a `store` of your own, e.g. on IndexedDB.';
    throw new ValueError('folderStore', 'directory', 'to be used in Node', directory, hint);
  }
  if (typeof directory !== 'string' || directory === '') {
    throw new ValueError('folderStore', 'directory', 'to be the path of a folder', directory);
  }
  const target = path.join(directory, fileName);
  const partial = path.join(directory, `.${fileName}.partial`);
  return {
    name: target,
    async read() {
      // Left there by a process that was killed while it wrote.
      await fs.rm(partial, { force: true });
      try {
        return await fs.readFile(target);
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(chunks) {
      await fs.mkdir(directory, { recursive: true });
      try {
        const file = await fs.open(partial, 'w');
        try {
          for await (const chunk of chunks) await file.writeFile(chunk);
          await file.sync();
        } finally {
          await file.close();
        }
        await fs.rename(partial, target);
      } catch (error) {
        await fs.rm(partial, { force: true });
        throw error;
      }
    },
  };
}
