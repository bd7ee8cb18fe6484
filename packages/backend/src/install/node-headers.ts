import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installError, knownReason } from './install-error';
import { lastLines, runProgram } from './run-program';

const inside = (folder: string): string | undefined =>
  [join(folder, 'include', 'node'), join(folder, 'src'), folder].find((path) => existsSync(join(path, 'node_api.h')));

/**
 * The folder with the headers of Node-API: of npm's setting `nodedir`, of the Node that runs, or else of the package
 * `node-api-headers`, which npm downloads. The interface is the same in every version of Node.
 *
 * @param staging Where that package may be put.
 */
export async function nodeHeaders(staging: string): Promise<string> {
  const nodedir = process.env.npm_config_nodedir ?? (await npmSetting('nodedir'));
  const local = (nodedir && inside(nodedir)) || inside(join(dirname(process.execPath), '..'));
  if (local) return local;
  const folder = join(staging, 'headers');
  mkdirSync(folder, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  const result = await runProgram('npm', ['install', ...flags, 'node-api-headers@1'], { cwd: folder });
  const found = join(folder, 'node_modules', 'node-api-headers', 'include');
  if (result.code === 0 && existsSync(join(found, 'node_api.h'))) return found;
  const { problem, remedy } = knownReason(lastLines(result, 50)) ?? { problem: 'npm failed' };
  throw installError(
    `the headers of Node are not beside ${process.execPath}, and node-api-headers cannot be installed: ${problem}`,
    [remedy, 'Or: npm_config_nodedir=FOLDER, with include/node in it', lastLines(result)].filter(Boolean).join('\n'),
  );
}

async function npmSetting(name: string): Promise<string | undefined> {
  const { code, stdout } = await runProgram('npm', ['config', 'get', name]);
  const value = stdout.trim();
  return code === 0 && value !== '' && value !== 'undefined' && value !== 'null' ? value : undefined;
}
