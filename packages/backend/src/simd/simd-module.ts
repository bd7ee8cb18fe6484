import { type KernelBackend, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { KERNELS_WASM } from '../generated/kernels-wasm';

/** What assembly/index.ts exports; addresses are bytes from the start of the memory. */
interface SimdExports {
  batchNorm(
    x: number,
    mean: number,
    variance: number,
    offset: number,
    scale: number,
    epsilon: number,
    y: number,
    pixels: number,
    channels: number,
    factors: number,
  ): void;
  boundedGradient(dy: number, y: number, target: number, size: number, high: number): void;
  centredProducts(
    dy: number,
    x: number,
    mean: number,
    target: number,
    pixels: number,
    channels: number,
    sums: number,
  ): void;
  channelArithmetic(
    operation: number,
    x: number,
    values: number,
    y: number,
    groups: number,
    rows: number,
    channels: number,
    step: number,
  ): void;
  resizeBilinearGradient(
    dy: number,
    target: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outRows: number,
    outColumns: number,
    rows: number,
    columns: number,
    sums: number,
  ): void;
  convolve(window: number, product: number): void;
  convolveScratch(taps: number, sourceChannels: number, channels: number, gathers: boolean): number;
  depthwise(window: number, depthwise: number): void;
  depthwiseScratch(taps: number): number;
  depthwiseFilterGradient(window: number, dy: number, target: number): void;
  filterGradient(window: number, gradient: number): void;
  filterGradientScratch(taps: number, sourceChannels: number, channels: number, gathers: boolean): number;
  packColumns(b: number, target: number, k: number, columns: number, from: number, end: number): void;
  packRows(
    b: number,
    target: number,
    taps: number,
    order: number,
    rows: number,
    k: number,
    from: number,
    end: number,
  ): void;
  maxPoolGradient(window: number, dy: number, target: number): void;
  prelu(x: number, slopes: number, y: number, pixels: number, channels: number): void;
  sumRows(x: number, target: number, outer: number, rows: number, columns: number, scale: number, sums: number): void;
  flipFilter(filter: number, target: number, channels: number, outputs: number): void;
  transformFilters(filter: number, target: number, channels: number, outputs: number, from: number, end: number): void;
  winograd(job: number): void;
  winogradGradient(job: number, gradient: number): void;
  winogradGradientScratch(channels: number, outputs: number): number;
  winogradFilters(channels: number, outputs: number): number;
  winogradScratch(channels: number, outputs: number): number;
  packFinish(target: number, bias: number, columns: number, low: number, high: number): void;
}

/** The parts of the WASM backend that its kernels use. */
interface WasmBackend extends KernelBackend {
  readonly wasm: {
    readonly asm?: { readonly memory?: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
}

/** Our kernels on the memory of a WASM backend. */
export interface SimdModule extends SimdExports {
  /** A new tensor of floats whose values are not set. It may move the memory's buffer, as {@link scratch} may. */
  output(shape: readonly number[]): TensorInfo;
  /** The address of a tensor's values. */
  address(tensor: TensorInfo): number;
  /** Sets a tensor to zero. */
  clear(tensor: TensorInfo): void;
  /** Runs a function with the address of so many bytes, on a multiple of 16, which are freed afterwards. */
  scratch<T>(bytes: number, run: (address: number) => T): T;
  /** Writes 32-bit words from an address on. */
  write(address: number, words: ArrayLike<number>): void;
  /** Writes 32-bit floats from an address on. */
  writeFloats(address: number, values: readonly number[]): void;
}

const modules = new WeakMap<KernelBackend, SimdModule | null>();
let compiled: WebAssembly.Module | null | undefined;

/**
 * Our kernels for a backend; `null` where there is no SIMD, or where the backend's memory is not as expected: its own
 * kernels do the work then.
 */
export function simdModule(backend: unknown): SimdModule | null {
  const wasm = backend as WasmBackend;
  const known = modules.get(wasm);
  if (known !== undefined) return known;
  const module = link(wasm);
  modules.set(wasm, module);
  return module;
}

function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNELS_WASM), (char) => char.charCodeAt(0)));
  } catch {
    return null;
  }
}

function link(backend: WasmBackend): SimdModule | null {
  const { wasm } = backend;
  const memory = wasm?.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory) || typeof wasm._malloc !== 'function') return null;
  if (compiled === undefined) compiled = compile();
  if (!compiled) return null;
  let exports: SimdExports;
  try {
    exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as SimdExports;
  } catch {
    // The memory of the threaded binary is shared, which a module has to be made for.
    return null;
  }
  let words = new Int32Array(memory.buffer);
  let floats = new Float32Array(memory.buffer);
  return {
    ...exports,
    output: (shape) => backend.makeOutput([...shape], 'float32'),
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset >>> 0,
    clear({ dataId, shape }) {
      const address = backend.dataIdMap.get(dataId).memoryOffset >>> 0;
      new Float32Array(memory.buffer, address, util.sizeFromShape(shape)).fill(0);
    },
    scratch(bytes, run) {
      const address = wasm._malloc(bytes + 16) >>> 0;
      if (address === 0) {
        throw new BackendError('wasm', `no memory is left for ${bytes} bytes of work space`, 'Use smaller batches');
      }
      try {
        return run(((address + 15) & ~15) >>> 0);
      } finally {
        wasm._free(address);
      }
    },
    write(address, values) {
      // Growth detaches the view.
      if (words.buffer !== memory.buffer) words = new Int32Array(memory.buffer);
      words.set(values, address >>> 2);
    },
    writeFloats(address, values) {
      if (floats.buffer !== memory.buffer) floats = new Float32Array(memory.buffer);
      floats.set(values, address >>> 2);
    },
  };
}
