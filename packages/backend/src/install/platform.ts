import { access, statfs } from 'node:fs/promises';
import { installError } from './install-error';
import { runProgram } from './run-program';

/** What a wheel must be made for. */
export interface Platform {
  readonly architecture: 'x86_64' | 'aarch64';
  /** Of the C library, e.g. `[2, 36]`. */
  readonly glibc: readonly [number, number];
}

interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Undefined where the C library is another. */
  readonly glibc: string | undefined;
}

const thisMachine = (): Machine => {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime };
};

const OTHERS = "Elsewhere there is useBackend('webgpu'), and useBackend('wasm') everywhere";

/** @throws {BackendError} where TensorFlow's wheels have no library that can be used. */
export function supportedPlatform({ platform, arch, glibc }: Machine = thisMachine()): Platform {
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) {
    throw installError(`it can be installed on Linux (x64, arm64), and this is ${platform} ${arch}`, OTHERS);
  }
  const [major, minor] = (glibc ?? '').split('.').map(Number);
  if (!major || minor === undefined) {
    throw installError('it needs the GNU C library, and this system has another (musl, as Alpine Linux)', OTHERS);
  }
  return { architecture: arch === 'x64' ? 'x86_64' : 'aarch64', glibc: [major, minor] };
}

/** The tags of wheels that run here, newest first. */
export function platformTags({ architecture, glibc: [major, minor] }: Platform): string[] {
  const tags: string[] = [];
  for (let version = minor; version >= 17 && major === 2; version--) {
    tags.push(`manylinux_2_${version}_${architecture}`);
  }
  const old = architecture === 'x86_64' ? ['manylinux2010_x86_64', 'manylinux1_x86_64'] : [];
  return [...tags, `manylinux2014_${architecture}`, ...old];
}

/**
 * The C++ compiler: `CXX`, or the first that is found.
 *
 * @throws {BackendError} if there is none.
 */
export async function findCompiler(): Promise<string> {
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'clang++', 'c++'];
  for (const candidate of candidates) {
    const { code } = await runProgram(candidate, ['--version']).catch(() => ({ code: undefined }));
    if (code === 0) return candidate;
  }
  const problem = `there is no C++ compiler (looked for ${candidates.join(', ')})`;
  throw installError(problem, 'Debian, Ubuntu: apt-get install g++. Fedora: dnf install gcc-c++. Or set CXX');
}

/** @throws {BackendError} if the disk of this folder has less room. */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  await access(folder);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (size: number) => (size / 1e9).toFixed(1);
  const room = `the disk of ${folder} has ${gigabytes(bavail * bsize)} GB left, and ${gigabytes(bytes)} GB are needed`;
  throw installError(room, 'Make room, and run the same command again');
}
