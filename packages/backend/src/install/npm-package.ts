import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { installError, knownReason } from './install-error';
import { lastLines, runProgram } from './run-program';

/** What TensorFlow.js is at. */
export const TFJS_VERSION = '4.22.0';

/** The folder of the user's project, as npm sees it from here. */
export async function projectFolder(cwd: string): Promise<string> {
  const result = await runProgram('npm', ['prefix'], { cwd });
  if (result.code === undefined) throw installError('npm is not in the PATH', 'It comes with Node: https://nodejs.org');
  if (result.code !== 0) throw installError('npm does not work here', lastLines(result));
  return result.stdout.trim();
}

/** Where the project has a package, and its version; undefined where it has not. */
export function installedPackage(project: string, name: string): { folder: string; version: string } | undefined {
  try {
    const manifest = createRequire(join(project, 'package.json')).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { folder: dirname(manifest), version };
  } catch {
    return undefined;
  }
}

/**
 * Installs `@tensorflow/tfjs-node` or `-gpu` into the project, without the download and the build that it would do by
 * itself. As an optional dependency: a later `npm install` then passes even where these fail.
 */
export async function installTfjsNode(project: string, name: string): Promise<{ folder: string; version: string }> {
  const marker = join(project, 'node_modules', '.wsss-installing.json');
  await undoInterrupted(marker);
  const present = installedPackage(project, name);
  if (present && /^4\.(2[2-9]|[3-9]\d)\./.test(present.version)) return present;
  mkdirSync(dirname(marker), { recursive: true });
  const state: Interrupted = { before: packagesIn(dirname(marker)) };
  const write = () => writeFileSync(marker, JSON.stringify(state));
  write();
  const flags = ['--save-optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = await runProgram('npm', ['install', ...flags, `${name}@${TFJS_VERSION}`], {
    cwd: project,
    started: (pid) => {
      state.npm = pid;
      write();
    },
  });
  const installed = installedPackage(project, name);
  if (result.code === 0 && installed) {
    rmSync(marker);
    return installed;
  }
  await undoInterrupted(marker);
  const { problem, remedy } = knownReason(lastLines(result, 50)) ?? { problem: 'npm failed', remedy: undefined };
  throw installError(`${name}: ${problem}`, [remedy, lastLines(result)].filter(Boolean).join('\n'));
}

interface Interrupted {
  /** The packages that were there before. */
  readonly before: readonly string[];
  npm?: number;
}

/**
 * npm takes a package for whole whose files it was still writing when it was ended. What an interrupted run brought is
 * removed; what was there before it stays.
 */
async function undoInterrupted(marker: string): Promise<void> {
  if (!existsSync(marker)) return;
  const text = readFileSync(marker, 'utf8');
  const { before, npm } = JSON.parse(text || '{"before":null}') as { before: string[] | null; npm?: number };
  for (let waited = 0; npm !== undefined && waited < 300 && isNpm(npm); waited++) await setTimeout(1000);
  const modules = dirname(marker);
  for (const name of before ? packagesIn(modules) : []) {
    if (!before!.includes(name)) rmSync(join(modules, name), { recursive: true, force: true });
  }
  rmSync(join(modules, '.package-lock.json'), { force: true });
  rmSync(marker);
}

/** Whether npm still runs under this number: it outlives a program that is killed. */
function isNpm(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('npm');
  } catch {
    return false;
  }
}

function packagesIn(modules: string): string[] {
  const names = readdirSync(modules).filter((name) => name !== '.wsss-installing.json');
  return names.flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((scoped) => join(name, scoped)) : [name],
  );
}
