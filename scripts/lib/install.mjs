import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { run } from './run.mjs';

const stamp = join(root, 'node_modules', '.wsss-installed');

/** Installs the dependencies, unless those that the lock file names are there already. */
export async function installMissing() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old: version 20.19 or newer is needed.`);
    process.exit(1);
  }
  const lock = join(root, 'package-lock.json');
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing dependencies …');
  const quiet = ['--no-audit', '--no-fund'];
  const fresh = !existsSync(join(root, 'node_modules'));
  // A registry that lacks another platform's optional packages makes `npm ci` give up; `npm install` does without them.
  let code = fresh ? await run('npm', ['ci', ...quiet]) : 1;
  if (code !== 0) code = await run('npm', ['install', ...quiet]);
  if (code !== 0) {
    console.error('npm could not install the dependencies (see above). Is the registry reachable?');
    process.exit(code);
  }
  // `npm install` may have touched the lock file; what counts is what is installed now.
  writeFileSync(stamp, createHash('sha256').update(readFileSync(lock)).digest('hex'));
}
