import { backend, engine, env, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import type { BackendDefinition, BackendOptions } from './backend-definition';
import { guardAllocation } from './guard-allocation';
import { keepListeners } from './keep-listeners';
import { loadPackage } from './load-package';

const NAME = '@tensorflow/tfjs-backend-wasm';

/** WebAssembly: the default everywhere. */
export const wasm: BackendDefinition = {
  name: 'wasm',
  async start({ wasmPaths }) {
    const wasmPackage = await loadPackage('wasm', NAME, () => import('@tensorflow/tfjs-backend-wasm'));
    if (wasmPaths !== undefined) locate(wasmPackage.setWasmPaths, wasmPaths);
    if (!(await keepListeners(() => setBackend('wasm')))) {
      throw new BackendError(
        'wasm',
        'it did not start: its .wasm file was not found, or WebAssembly is not allowed here',
        `Serve the .wasm files of ${NAME}/dist and give their folder: useBackend('wasm', { wasmPaths: '/wasm/' })`,
      );
    }
    guardAllocation(backend());
    const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
    return {
      name: 'wasm',
      threads: Math.max(1, wasmPackage.getThreadsCount()),
      device: simd ? 'WebAssembly SIMD' : 'WebAssembly',
      trainable: true,
      packageVersion: { name: NAME, version: wasmPackage.version_wasm },
    };
  },
};

type Paths = NonNullable<BackendOptions['wasmPaths']>;

function locate(setWasmPaths: (paths: string | Record<string, string>) => void, paths: Paths): void {
  // Once it has started, they count no more.
  if (engine().registry.wasm) return;
  try {
    setWasmPaths(typeof paths === 'string' ? (paths.endsWith('/') ? paths : `${paths}/`) : { ...paths });
  } catch (cause) {
    // A file is missing in the list, or an earlier start failed, after which the package takes no other place.
    const { message } = cause as Error;
    throw new BackendError('wasm', `its files cannot be looked for in other places: ${message}`, undefined, { cause });
  }
}
