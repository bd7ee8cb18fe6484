import { BackendError, ValueError } from '@wsss/core';
import type { Engine } from './engine';
import { plainEngine } from './plain-engine';
import { wasmEngine } from './wasm-engine';

/** What computes: WebAssembly with SIMD, or plain JavaScript with the same numbers up to rounding. */
export type EngineName = Engine['name'];

/**
 * @param name `undefined` takes WebAssembly where it runs.
 * @throws {BackendError} if WebAssembly is asked for and does not run.
 */
export function chooseEngine(where: string, name?: EngineName): Engine {
  if (name === 'plain') return plainEngine;
  if (name !== undefined && name !== 'wasm') throw new ValueError(where, 'engine', "to be 'wasm' or 'plain'", name);
  const engine = wasmEngine();
  if (engine) return engine;
  if (name === undefined) return plainEngine;
  throw new BackendError(
    'wasm',
    'WebAssembly with SIMD does not run here',
    "Leave `engine` out for plain JavaScript, or allow 'wasm-unsafe-eval' in the content-security policy.",
  );
}
