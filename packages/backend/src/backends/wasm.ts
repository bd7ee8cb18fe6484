import { backend, engine, env, setBackend } from '@tensorflow/tfjs-core';
import { BackendError, ValueError } from '@wsss/core';
import { kernelSettings } from '../simd/kernel-settings';
import { isShared, memoryOf } from '../simd/wasm-memory';
import { MOST_THREADS, processors, threadsPossible } from '../simd/wasm-threads';
import type { BackendDefinition, BackendOptions } from './backend-definition';
import { guardAllocation } from './guard-allocation';
import { keepListeners } from './keep-listeners';
import { loadKernels } from './load-kernels';
import { loadPackage } from './load-package';
import { sharedBinary } from './shared-binary';

const NAME = '@tensorflow/tfjs-backend-wasm';
/** More threads than this by default would wait for memory, and for each other. */
const MANY_THREADS = 16;

/** WebAssembly: the default everywhere. */
export const wasm: BackendDefinition = {
  name: 'wasm',
  async start(options) {
    check(options);
    const wasmPackage = await loadPackage('wasm', NAME, () => import('@tensorflow/tfjs-backend-wasm'));
    const { wasmPaths, winograd = 2, kernels = 'own' } = options;
    if (kernels === 'own') await loadKernels();
    const threads = options.threads ?? Math.min(MANY_THREADS, processors());
    const fresh = !engine().registry.wasm;
    const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
    if (fresh && wasmPaths !== undefined) locate(wasmPackage.setWasmPaths, wasmPaths);
    // Of the binary with threads, which browsers load.
    if (fresh && options.threads !== undefined) wasmPackage.setThreadsCount(threads);
    const binary =
      fresh && simd && threads > 1 && env().get('IS_NODE') && threadsPossible()
        ? await sharedBinary(wasmPaths)
        : undefined;
    if (binary) locate((paths) => wasmPackage.setWasmPaths(paths, true), binary.paths);
    try {
      if (!(await keepListeners(() => setBackend('wasm')))) {
        throw new BackendError(
          'wasm',
          'it did not start: its .wasm file was not found, or WebAssembly is not allowed here',
          `Serve the .wasm files of ${NAME}/dist and give their folder: useBackend('wasm', { wasmPaths: '/wasm/' })`,
        );
      }
    } finally {
      binary?.release();
    }
    guardAllocation(backend());
    const memory = memoryOf(backend());
    const shared = memory !== undefined && isShared(memory);
    if (!shared && options.threads !== undefined && options.threads > 1 && threadsPossible()) throw notShared(fresh);
    kernelSettings.threads = shared ? threads : 1;
    kernelSettings.winograd = winograd || 0;
    kernelSettings.own = kernels === 'own';
    return {
      name: 'wasm',
      threads: kernelSettings.threads,
      device: simd ? 'WebAssembly SIMD' : 'WebAssembly',
      trainable: true,
      packageVersion: { name: NAME, version: wasmPackage.version_wasm },
    };
  },
};

function check({ threads, winograd, kernels }: BackendOptions): void {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
    throw new ValueError('useBackend', 'threads', `to be a whole number from 1 to ${MOST_THREADS}`, threads);
  }
  if (winograd !== undefined && ![2, 4, false].includes(winograd)) {
    throw new ValueError('useBackend', 'winograd', 'to be 2, 4 or false', winograd);
  }
  if (kernels !== undefined && kernels !== 'own' && kernels !== 'stock') {
    throw new ValueError('useBackend', 'kernels', "to be 'own' or 'stock'", kernels);
  }
}

function notShared(fresh: boolean): BackendError {
  const problem = 'several threads cannot share its memory';
  return fresh
    ? new BackendError('wasm', `${problem}: its binary with SIMD was not found`, 'Give `wasmPaths`, or threads: 1')
    : new BackendError(
        'wasm',
        `${problem}: it was started before, with one thread`,
        'Ask for `threads` at the first start',
      );
}

type Paths = NonNullable<BackendOptions['wasmPaths']>;

function locate(setWasmPaths: (paths: string | Record<string, string>) => void, paths: Paths): void {
  try {
    setWasmPaths(typeof paths === 'string' ? (paths.endsWith('/') ? paths : `${paths}/`) : { ...paths });
  } catch (cause) {
    // A file is missing in the list, or an earlier start failed, after which the package takes no other place.
    const { message } = cause as Error;
    throw new BackendError('wasm', `its files cannot be looked for in other places: ${message}`, undefined, { cause });
  }
}
