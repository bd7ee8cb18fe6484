import { engine, setBackend } from '@tensorflow/tfjs-core';
import { BackendError, ValueError } from '@wsss/core';
import type { BackendDefinition, BackendInfo, BackendName, BackendOptions } from './backends/backend-definition';
import { cpu } from './backends/cpu';
import { rememberBackend } from './backends/started';
import { tensorflow } from './backends/tensorflow';
import { wasm } from './backends/wasm';
import { webgl } from './backends/webgl';
import { webgpu } from './backends/webgpu';
import { checkCoreVersions } from './core-copies';
import { nameMissingKernels } from './name-missing-kernels';

/** Fastest first. */
const backends: readonly BackendDefinition[] = [tensorflow, webgpu, webgl, wasm, cpu];

let last: Promise<unknown> = Promise.resolve();

/**
 * Starts a TensorFlow.js backend and makes it the current one. The program calls it once, before anything else; a
 * library never does.
 *
 * @param name `'tensorflow'`, `'webgpu'`, `'webgl'`, `'wasm'`, `'cpu'`, or `'auto'` for the fastest that is installed
 * and starts, which is never a GPU in software.
 * @returns The backend's name, its number of threads, what it computes with, and whether one can train on it.
 * @throws {ValueError} if the name is another.
 * @throws {BackendError} if its package is not installed (the message says what to install), it does not start, or
 * `@tensorflow/tfjs-core` is loaded in two versions. The backend that was in use stays in use.
 *
 * @example
 * const { name, device } = await useBackend('wasm');
 */
export function useBackend(name: BackendName | 'auto' = 'auto', options: BackendOptions = {}): Promise<BackendInfo> {
  // One after the other: TensorFlow.js gives up a backend that is still starting when another is asked for.
  const result = last.then(() => use(name, options));
  last = result.catch(() => undefined);
  return result;
}

async function use(name: BackendName | 'auto', options: BackendOptions, automatic = false): Promise<BackendInfo> {
  if (name === 'auto') return useFastest(options);
  const definition = backends.find((backend) => backend.name === name);
  if (!definition) {
    const known = backends.map((backend) => `'${backend.name}'`).join(', ');
    throw new ValueError('useBackend', 'name', `to be one of ${known}, 'auto'`, name);
  }
  const before = engine().backendName;
  try {
    checkCoreVersions(name);
    const info = await definition.start(options, automatic);
    checkCoreVersions(name);
    nameMissingKernels();
    rememberBackend(info);
    const { threads, device, trainable } = info;
    return { name, threads, device, trainable };
  } catch (error) {
    if (before && before !== name) await setBackend(before);
    throw error;
  }
}

async function useFastest(options: BackendOptions): Promise<BackendInfo> {
  const failures: string[] = [];
  for (const { name } of backends) {
    try {
      return await use(name, options, true);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      failures.push(error.message);
    }
  }
  throw new BackendError('auto', 'no backend is installed and starts', failures.join('\n'));
}
