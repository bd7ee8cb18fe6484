import { env, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import type { BackendDefinition, BackendOptions } from './backend-definition';
import { keepListeners } from './keep-listeners';
import { loadPackage } from './load-package';

const NAME = '@tensorflow/tfjs-backend-wasm';

/** WebAssembly: the default everywhere. */
export const wasm: BackendDefinition = {
  name: 'wasm',
  async start({ wasmPaths }) {
    const wasmPackage = await loadPackage('wasm', NAME, () => import('@tensorflow/tfjs-backend-wasm'));
    if (wasmPaths !== undefined) wasmPackage.setWasmPaths(folderOrFiles(wasmPaths));
    if (!(await keepListeners(() => setBackend('wasm')))) {
      throw new BackendError(
        'wasm',
        'it did not start: its .wasm file was not found, or WebAssembly is not allowed here',
        `Serve the .wasm files of ${NAME}/dist and give their folder: useBackend('wasm', { wasmPaths: '/wasm/' })`,
      );
    }
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

function folderOrFiles(paths: NonNullable<BackendOptions['wasmPaths']>): string | Record<string, string> {
  return typeof paths === 'string' ? (paths.endsWith('/') ? paths : `${paths}/`) : { ...paths };
}
