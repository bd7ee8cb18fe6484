import { CRF_WASM } from './generated/crf-wasm';
import { WasmMemory } from './wasm-memory';

/** What assembly/index.ts exports; addresses are bytes from the start of the memory. */
export interface CrfExports {
  locate(state: number, features: number, stride: number, count: number, slots: number, weights: number): void;
  rehash(state: number): void;
  findNeighbours(state: number, steps: number, neighbours: number): void;
  pass(state: number, mode: number, first: number, end: number): void;
  blur(vectors: number, from: number, to: number, neighbours: number, first: number, last: number): void;
  blurOne(from: number, to: number, neighbours: number, first: number, last: number): void;
  splat(
    vectors: number,
    to: number,
    slots: number,
    weights: number,
    corners: number,
    before: number,
    source: number,
    count: number,
  ): void;
  slice(
    vectors: number,
    from: number,
    slots: number,
    weights: number,
    corners: number,
    scale: number,
    after: number,
    target: number,
    count: number,
  ): void;
  splatOne(
    to: number,
    slots: number,
    weights: number,
    corners: number,
    before: number,
    source: number,
    count: number,
  ): void;
  sliceOne(
    from: number,
    slots: number,
    weights: number,
    corners: number,
    scale: number,
    after: number,
    target: number,
    count: number,
  ): void;

  pixelFeatures(
    image: number,
    width: number,
    channels: number,
    deviations: number,
    target: number,
    stride: number,
    from: number,
    count: number,
  ): void;
  negateRows(source: number, classes: number, target: number, vectors: number, count: number): number;
  subtractRows(source: number, target: number, count: number): number;
  packRows(source: number, vectors: number, target: number, classes: number, count: number): void;
  sigmoidRows(source: number, target: number, count: number): void;
  negativeLogs(values: number, count: number, scale: number, shift: number, low: number): number;
}

export interface CrfModule extends CrfExports {
  readonly heap: WasmMemory;
}

let loaded: CrfModule | null | undefined;

/** The WebAssembly module, compiled at the first call; `null` where SIMD is missing or compiling is forbidden. */
export function crfModule(): CrfModule | null {
  if (loaded !== undefined) return loaded;
  try {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
    const module = new WebAssembly.Module(Uint8Array.from(atob(CRF_WASM), (char) => char.charCodeAt(0)));
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    loaded = { ...(instance.exports as unknown as CrfExports), heap: new WasmMemory(memory) };
  } catch {
    // No WebAssembly, no SIMD, or a content-security policy without 'wasm-unsafe-eval': the plain engine has the same numbers.
    loaded = null;
  }
  return loaded;
}
