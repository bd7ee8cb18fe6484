import { join } from 'node:path';
import { makeProject } from './project';

/** Another program than Node that runs JavaScript. */
export interface Runtime {
  readonly name: 'Deno' | 'Bun';
  /** What to put before the name of a script. */
  readonly command: readonly string[];
  /** Why there is none, if there is none. */
  readonly missing?: string;
}

const cpu = process.arch === 'arm64' ? { deno: 'arm64', bun: 'aarch64' } : { deno: 'x64', bun: 'x64' };
/** The packages that hold the programs themselves; what `deno` and `bun` are on npm only fetches these. */
const packages = {
  Deno: `@deno/${process.platform}-${cpu.deno}${process.platform === 'linux' ? '-glibc' : ''}`,
  Bun: `@oven/bun-${process.platform}-${cpu.bun}`,
};

/** Installs Deno and Bun (100 MB each) into a folder; whoever cannot be had says why. */
export async function installRuntimes(folder: string): Promise<Runtime[]> {
  return [
    // It may not ask, and is allowed nothing.
    await install('Deno', folder, (root) => [join(root, 'deno'), 'run', '--no-prompt']),
    await install('Bun', folder, (root) => [join(root, 'bin', 'bun')]),
  ];
}

async function install(
  name: Runtime['name'],
  folder: string,
  command: (root: string) => readonly string[],
): Promise<Runtime> {
  const project = join(folder, name);
  try {
    await makeProject(project, { [packages[name]]: '*' });
    return { name, command: command(join(project, 'node_modules', packages[name])) };
  } catch (error) {
    const [, reason = 'npm failed'] = /npm error (.*)/.exec(String(error)) ?? [];
    return { name, command: [], missing: `${packages[name]} is not to be had: ${reason}` };
  }
}
