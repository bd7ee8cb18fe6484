import type { BackendOptions } from './backend-definition';
import { shareMemory } from './share-memory';

const NAME = '@tensorflow/tfjs-backend-wasm';
const SIMD = 'tfjs-backend-wasm-simd.wasm';
const ALL = ['tfjs-backend-wasm.wasm', SIMD, 'tfjs-backend-wasm-threaded-simd.wasm'];

/**
 * In Node the package has no binary with threads; its one with SIMD does as well once its memory is shared. See
 * docs/decisions/0003-threads-of-the-wasm-backend.md.
 *
 * @returns Places to give to `setWasmPaths`, and a function to call when they have been read; `undefined` where the
 * binary cannot be read.
 */
export async function sharedBinary(
  wasmPaths: BackendOptions['wasmPaths'],
): Promise<{ readonly paths: Record<string, string>; release(): void } | undefined> {
  const file = typeof wasmPaths === 'object' ? wasmPaths[SIMD] : inFolder(wasmPaths);
  const binary = file && (await read(file));
  if (!binary) return undefined;
  const url = URL.createObjectURL(new Blob([shareMemory(binary)], { type: 'application/wasm' }));
  return {
    paths: Object.fromEntries(ALL.map((name) => [name, url])),
    release: () => URL.revokeObjectURL(url),
  };
}

function inFolder(folder: string | undefined): string | undefined {
  if (folder !== undefined) return `${folder.replace(/\/$/, '')}/${SIMD}`;
  const { createRequire } = process.getBuiltinModule('node:module');
  try {
    return createRequire(import.meta.url).resolve(`${NAME}/dist/${SIMD}`);
  } catch {
    // Bundled with the program.
    return undefined;
  }
}

async function read(file: string): Promise<Uint8Array | undefined> {
  try {
    if (/^(https?|data|blob):/.test(file)) return new Uint8Array(await (await fetch(file)).arrayBuffer());
    const { readFile } = process.getBuiltinModule('node:fs/promises');
    return await readFile(file.startsWith('file:') ? new URL(file) : file);
  } catch {
    // It is not there: the package itself says so best.
    return undefined;
  }
}
