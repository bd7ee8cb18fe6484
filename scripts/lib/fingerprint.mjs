import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './root.mjs';

/**
 * A short text that changes with the files outside the repository that tests read: the reference data and photos in
 * `../shared`, or the folder that WSSS_GOLDEN names. Turbo keys its cache by it.
 */
export function sharedFingerprint() {
  const hash = createHash('sha256');
  const folders = [join(root, '..', 'shared', 'golden'), join(root, '..', 'shared', 'data')];
  if (process.env.WSSS_GOLDEN) folders.push(resolve(root, process.env.WSSS_GOLDEN));
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder, { recursive: true }).sort()) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`${name} ${size} ${Math.round(mtimeMs)}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
