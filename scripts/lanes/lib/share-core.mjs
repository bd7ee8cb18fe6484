import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../lib/root.mjs';

/**
 * Makes a project use this repository's packages of TensorFlow.js where both have one, so that a program has one copy
 * when it imports from both. A link that another clone of the repository left is replaced.
 *
 * @param modules The project's `node_modules`.
 */
export function shareCore(modules) {
  for (const name of readdirSync(join(modules, '@tensorflow'))) {
    const [theirs, ours] = [join(modules, '@tensorflow', name), join(root, 'node_modules', '@tensorflow', name)];
    if (!existsSync(ours)) continue;
    rmSync(theirs, { recursive: true });
    symlinkSync(ours, theirs);
  }
}
