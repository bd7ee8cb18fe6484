import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectCommand } from './run-command';

/**
 * Makes an empty project and installs into it, as a user would.
 *
 * @param dependencies Package names, to a version range or the path of a tarball.
 */
export async function makeProject(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const specs = Object.entries(dependencies).map(([name, spec]) => [
    name,
    spec.endsWith('.tgz') ? `file:${spec}` : spec,
  ]);
  const manifest = { private: true, type: 'module', dependencies: Object.fromEntries(specs) };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await expectCommand('npm', ['install', '--prefer-offline', '--ignore-scripts', ...quiet], folder);
}
