import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The folders of the workspaces, relative to the root, the root itself first. */
export function workspaces() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  return ['.', ...packages, 'golden', 'examples', 'benchmarks', 'environments'];
}

/** The result files that vitest wrote for these suites, in the order of the workspaces. */
export function reportFiles(suites) {
  return workspaces()
    .flatMap((folder) => suites.map((suite) => join(root, folder, '.reports', `${suite}.json`)))
    .filter((file) => existsSync(file));
}
