// node scripts/example.mjs NAME … : installs and builds what is missing, then runs one of the examples.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installMissing } from './lib/install.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { turbo } from './lib/turbo.mjs';

const [name = '', ...args] = process.argv.slice(2);
const folder = join(root, 'examples', 'src');
const file = [join(folder, name, 'index.ts'), join(folder, `${name}.ts`)].find((path) => name && existsSync(path));
if (!file) {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((e) =>
      e.isDirectory() ? existsSync(join(folder, e.name, 'index.ts')) : /^(?!.*\.test\.)[a-z-]+\.ts$/.test(e.name),
    )
    .map((e) => e.name.replace(/\.ts$/, ''));
  console.error(`There is no example '${name}'. There are: ${names.join(', ')}.`);
  process.exit(2);
}
await installMissing();
const built = await turbo('build', '--output-logs=errors-only', '--log-order=grouped');
if (built !== 0) process.exit(built);
process.exit(await run(process.execPath, ['--import', 'tsx', file, ...args]));
