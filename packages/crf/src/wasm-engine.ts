import type { Engine } from './engine';
import { plainEngine } from './plain-engine';
import { WasmField } from './wasm-field';
import { MOST_DIMENSIONS, WasmLattice } from './wasm-lattice';
import { type CrfModule, crfModule } from './wasm-module';

/** WebAssembly with SIMD; `null` where it does not run. */
export function wasmEngine(): Engine | null {
  const module = crfModule();
  return module && engineOf(module);
}

function engineOf(module: CrfModule): Engine {
  return {
    name: 'wasm',
    require: (bytes, purpose) => module.heap.require(bytes, purpose),
    // A key of the lattice has to fit one vector; beyond that, plain JavaScript takes over, for the whole field.
    lattice: (source, phantom, threads) =>
      source.dimensions <= MOST_DIMENSIONS
        ? WasmLattice.build(module, source, phantom, threads)
        : plainEngine.lattice(source, phantom),
    field: (points, classes, unary, terms, threads) =>
      terms.every((term) => term.lattice instanceof WasmLattice)
        ? new WasmField(module, points, classes, unary, terms, threads)
        : plainEngine.field(points, classes, unary, terms),
  };
}
