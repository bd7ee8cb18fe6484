import { SIPE_WASM } from './generated/sipe-wasm';

/** What assembly/index.ts exports; addresses are bytes from the start of the memory. */
export interface SipeExports {
  pack(
    source: number,
    cells: number,
    F: number,
    panels: number,
    count: number,
    first: number,
    epsilon: number,
    added: number,
    stats: number,
  ): void;
  structureRow(
    panels: number,
    count: number,
    F: number,
    row: number,
    minimum: number,
    vectors: number,
    columns: number,
    target: number,
    tile: number,
  ): void;
  gather(
    panels: number,
    count: number,
    F: number,
    first: number,
    last: number,
    vectors: number,
    columns: number,
    sums: number,
  ): void;
  project(
    panels: number,
    count: number,
    F: number,
    first: number,
    last: number,
    vectors: number,
    sums: number,
    target: number,
  ): void;
}

/** The module with its memory, for one computation. */
export interface SipeMemory {
  readonly module: WebAssembly.Module;
  readonly exports: SipeExports;
  /** The address of so many floats, all 0. */
  allocate(floats: number): number;
  /** A view, which the next allocation may end. */
  floats(at: number, length: number): Float32Array;
}

/** Memory that is kept for the next computation; more than this is given back. */
const KEPT = 16 * 2 ** 20;
const PAGE = 65536;

interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly exports: SipeExports;
}

let module: WebAssembly.Module | null | undefined;
let kept: Instance | undefined;

/** Memory for a computation, to be given back; `null` where WebAssembly with SIMD is missing or forbidden. */
export function openMemory(): (SipeMemory & { close(): void }) | null {
  if (module === undefined) {
    try {
      module = new WebAssembly.Module(Uint8Array.from(atob(SIPE_WASM), (char) => char.charCodeAt(0)));
      kept = instantiate();
    } catch {
      // No SIMD, or a content-security policy without 'wasm-unsafe-eval': the plain engine computes the same.
      module = null;
    }
  }
  if (!module) return null;
  // Taken while in use; a computation that fails never gives it back.
  const instance = kept ?? instantiate();
  kept = undefined;
  const { memory, exports } = instance;
  let end = 64;
  return {
    module,
    exports,
    allocate(floats) {
      const at = end;
      // A few lines apart from a power of two, so that arrays do not fall on the same lines of the cache.
      end += Math.ceil(floats / 16) * 64 + 192;
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      new Uint8Array(memory.buffer, at, floats * 4).fill(0);
      return at;
    },
    floats: (at, length) => new Float32Array(memory.buffer, at, length),
    close() {
      if (memory.buffer.byteLength <= KEPT) kept = instance;
    },
  };
}

function instantiate(): Instance {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const { exports } = new WebAssembly.Instance(module!, { env: { memory } });
  return { memory, exports: exports as unknown as SipeExports };
}
