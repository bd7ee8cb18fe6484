// TensorFlow's own library: installs it into a project of its own with the command that users have, kept between runs,
// and runs the suite of the gradients, the functions of the stages and every network on it.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/root.mjs';
import { turbo } from '../lib/turbo.mjs';
import { cacheFolder } from './lib/cache-folder.mjs';
import { shareCore } from './lib/share-core.mjs';
import { runVitest, sumCounts } from './lib/vitest-lane.mjs';

export const name = 'tensorflow';

const project = join(cacheFolder(), 'tensorflow');
/** What its message says when the machine, and not we, is the reason. */
const LACKING =
  /there is no C\+\+ compiler|it can be installed on Linux|GNU C library|cannot be reached|GB (left|are needed)|the disk is full/;
let installed;

export async function available() {
  if ((await turbo('build', '--filter=@wsss/backend', '--output-logs=errors-only')) !== 0) return undefined;
  mkdirSync(project, { recursive: true });
  const cli = join(root, 'packages', 'backend', 'dist', 'cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'install', 'tensorflow'], {
    cwd: project,
    encoding: 'utf8',
    timeout: 600_000,
  });
  console.log(`${stdout}${stderr}`.trim());
  installed = status === 0;
  if (!installed && LACKING.test(stderr)) return stderr.trim().split('\n')[0];
  return undefined;
}

export async function run() {
  if (!installed) return { passed: 0, failed: 1, skipped: 0 };
  shareCore(join(project, 'node_modules'));
  const env = { NODE_PATH: join(project, 'node_modules'), WSSS_BACKENDS: 'tensorflow' };
  const backend = (more, ...args) => runVitest('packages/backend', { args, env: { ...env, ...more } });
  return sumCounts([
    await backend({}, 'src/gradients/', 'src/backends/tensorflow.test.ts'),
    // Without oneDNN it has no dilated gradients of its own.
    await backend({ TF_ENABLE_ONEDNN_OPTS: '0' }, 'gradients/conv2d', 'gradients/fused', 'gradients/core-layers'),
    await runVitest('environments', {
      args: ['--config', '../vitest.config.ts', 'tensorflow.lane'],
      env: { ...env, WSSS_SUITE: 'lane' },
    }),
  ]);
}
