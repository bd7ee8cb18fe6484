import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bindingPath } from './build-binding';
import { installError, knownReason } from './install-error';
import { type InstalledState, readState, writeState } from './installed-state';
import { makeLibrary, sha256Of } from './make-library';
import { installedPackage, installTfjsNode, projectFolder } from './npm-package';
import { checkRoom, findCompiler, supportedPlatform } from './platform';
import { withStaging } from './staging';
import { verifyInstalled } from './verify-installed';

export interface InstallOptions {
  /** Of TensorFlow. @default TENSORFLOW_VERSION */
  readonly version?: string | undefined;
  /** With NVIDIA's libraries. @default false */
  readonly gpu?: boolean | undefined;
  /** The path of a wheel that is on disk already. */
  readonly wheel?: string | undefined;
  /** @default process.cwd() */
  readonly cwd?: string;
  /** Gets a line for each step. */
  readonly log?: (line: string) => void;
}

/** What is installed unless another is asked for. */
export const TENSORFLOW_VERSION = '2.16.1';

const GIGABYTE = 1e9;

/**
 * Makes a working `@tensorflow/tfjs-node` in the project of the current folder, from the library of a Python wheel of
 * TensorFlow, and verifies it. What is there already is not done again; what fails, or is interrupted, leaves nothing
 * half done behind.
 *
 * @throws {BackendError} that says what is missing, or what failed, and the remedy.
 */
export async function installTensorflow(options: InstallOptions = {}): Promise<void> {
  const { version = TENSORFLOW_VERSION, gpu = false, cwd = process.cwd(), log = () => {} } = options;
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const platform = supportedPlatform();
  if (gpu && platform.architecture !== 'x86_64') throw installError('TensorFlow has GPU wheels for x64 alone');
  const wheel = options.wheel && resolve(cwd, options.wheel);
  if (wheel && !existsSync(wheel)) throw installError(`there is no file ${options.wheel}`);
  const project = await projectFolder(cwd);
  const present = installedPackage(project, name);
  const state = present && readState(present.folder);
  if (state && (await isWanted(state, options.version, wheel))) {
    log(`TensorFlow ${state.version} is installed already, in ${present.folder}`);
    return;
  }
  const compiler = await findCompiler();
  await checkRoom(project, (gpu ? 8 : 1.5) * GIGABYTE);
  log(`Installing into ${project}`);
  const { folder } = await installTfjsNode(project, name);
  const made = await inWords(() =>
    withStaging(folder, (staging) => makeLibrary(folder, staging, { version, gpu, wheel, platform, compiler, log })),
  );
  log('Verifying');
  log(await verifyInstalled(project));
  writeState(folder, { ...made, gpu }, [bindingPath, join('deps', 'lib', 'libtensorflow_cc.so.2')]);
  log("Ready: await useBackend('tensorflow')");
}

async function isWanted(state: InstalledState, version?: string, wheel?: string): Promise<boolean> {
  if (wheel) return state.wheel.sha256 === (await sha256Of(wheel));
  return version === undefined || version === state.version;
}

/** A full disk can come up anywhere. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code !== 'ENOSPC') throw cause;
    const { problem, remedy } = knownReason('ENOSPC')!;
    throw installError(`${problem}: ${message}`, remedy, cause);
  }
}
