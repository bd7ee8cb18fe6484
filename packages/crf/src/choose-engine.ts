import type { Engine } from './engine';
import { plainEngine } from './plain-engine';
import { wasmEngine } from './wasm-engine';

let engine: Engine | undefined;

/** WebAssembly where it works, plain JavaScript elsewhere. */
export function chooseEngine(): Engine {
  engine ??= wasmEngine() ?? plainEngine;
  return engine;
}
