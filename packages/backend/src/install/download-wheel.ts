import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installError, knownReason } from './install-error';
import { type Platform, platformTags } from './platform';
import { downloadFile, type IndexFile, indexFiles } from './python-index';
import { lastLines, runProgram } from './run-program';

const PIPS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;

/** The command that runs pip, if there is one. */
export async function findPip(): Promise<readonly [string, ...string[]] | undefined> {
  for (const [program, ...args] of PIPS) {
    const { code } = await runProgram(program, [...args, '--version']);
    if (code === 0) return [program, ...args];
  }
  return undefined;
}

/**
 * Downloads the wheel of a Python package into a folder, with its checksum checked against the index: by pip, with all
 * its settings, or by ourselves where there is no pip.
 *
 * @param requirement `tensorflow-cpu==2.16.1`.
 * @returns Its path.
 */
export async function downloadWheel(
  requirement: string,
  { folder, platform, pip }: { folder: string; platform: Platform; pip: readonly string[] | undefined },
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const [project, version] = requirement.split('==') as [string, string];
  if (!pip) return downloadFile(chooseWheel(await indexFiles(project), version, platform, project), folder);
  const before = new Set(await readdir(folder));
  const temporary = join(folder, '..', 'tmp');
  mkdirSync(temporary, { recursive: true });
  const [program, ...args] = pip as [string, ...string[]];
  const target = ['--only-binary=:all:', '--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311'];
  // What NVIDIA packs is for any Python.
  const abis = ['--abi', 'abi3', '--abi', 'none'];
  const tags = platformTags(platform).flatMap((tag) => ['--platform', tag]);
  const result = await runProgram(
    program,
    [...args, 'download', '--no-deps', '--progress-bar', 'off', ...target, ...abis, ...tags, '-d', folder, requirement],
    // pip leaves its temporary files behind when it is ended.
    { env: { TMPDIR: temporary } },
  );
  const [file] = (await readdir(folder)).filter((name) => !before.has(name) && name.endsWith('.whl'));
  if (result.code === 0 && file) return join(folder, file);
  const text = `${result.stdout}${result.stderr}`;
  const { problem, remedy } = knownReason(text) ?? unknownVersion(text, requirement) ?? { problem: 'pip failed' };
  throw installError(`${requirement}: ${problem}`, [remedy, lastLines(result)].filter(Boolean).join('\n'));
}

function unknownVersion(text: string, requirement: string): { problem: string; remedy: string } | undefined {
  if (!/No matching distribution|Could not find a version/.test(text)) return undefined;
  const project = requirement.split('==')[0];
  return {
    problem: 'the index has no such version for this system',
    remedy: `Its versions: pip index versions ${project}`,
  };
}

/** The wheel of a version that runs on a platform. */
export function chooseWheel(
  files: readonly IndexFile[],
  version: string,
  platform: Platform,
  project: string,
): IndexFile {
  const fitting = platformTags(platform).flatMap((tag) =>
    files.filter(({ filename }) => {
      // name-version-python-abi-platforms.whl
      const [, wheelVersion, python, , platforms = ''] = filename.replace(/\.whl$/, '').split('-');
      return wheelVersion === version && /cp311|py3/.test(python ?? '') && platforms.split('.').includes(tag);
    }),
  );
  if (fitting[0]) return fitting[0];
  throw installError(`the index has no ${project} ${version} for this system`, 'Give another with --version');
}
