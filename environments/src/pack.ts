import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Published, repository } from './published';
import { expectCommand } from './run-command';

/**
 * Packs packages as they would be published.
 *
 * @returns The tarball of each, by name.
 * @throws {Error} if one is not built.
 */
export async function pack(packages: readonly Published[], destination: string): Promise<Map<string, string>> {
  for (const { name, folder } of packages) {
    if (!existsSync(join(folder, 'dist', 'index.js'))) throw new Error(`${name} is not built: npm run build`);
  }
  const workspaces = packages.flatMap(({ name }) => ['-w', name]);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...workspaces];
  const packed = JSON.parse(await expectCommand('npm', args, repository)) as { name: string; filename: string }[];
  return new Map(packed.map(({ name, filename }) => [name, join(destination, filename)]));
}
