import { type KernelBackend, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { KERNELS_WASM, KERNELS_WASM_THREADS } from '../generated/kernels-wasm';
import type { SharedJob } from './job';
import { kernelSettings } from './kernel-settings';
import { isShared, memoryOf } from './wasm-memory';
import { BOARD_BYTES, type ThreadExports, WasmThreads } from './wasm-threads';

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
  convolutionScratch(taps: number, sourceChannels: number, channels: number, gathers: boolean, groups: number): number;
  depthwiseScratch(taps: number): number;
  filterGradientScratch(taps: number, sourceChannels: number, channels: number, gathers: boolean): number;
  maxPoolGradient(window: number, dy: number, target: number): void;
  prelu(x: number, slopes: number, y: number, pixels: number, channels: number): void;
  sumRows(x: number, target: number, outer: number, rows: number, columns: number, scale: number, sums: number): void;
  winogradFilters(channels: number, outputs: number, size: number): number;
  winogradScratch(channels: number, outputs: number, size: number, groups: number): number;
  winogradGradientScratch(channels: number, outputs: number, size: number, shares: number, groups: number): number;
  packFinish(target: number, bias: number, columns: number, low: number, high: number): void;
  work(
    ...job: [job: number, a: number, b: number, c: number, d: number, part: number, parts: number, scratch: number]
  ): void;
}

/** The parts of the WASM backend that its kernels use. */
interface WasmBackend extends KernelBackend {
  readonly wasm: {
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
}

/** Our kernels on the memory of a WASM backend. */
export interface SimdModule extends Omit<SimdExports, 'work'> {
  /** A new tensor of floats whose values are not set. It may move the memory's buffer, as {@link scratch} may. */
  output(shape: readonly number[]): TensorInfo;
  /** The address of a tensor's values. */
  address(tensor: TensorInfo): number;
  /** Sets a tensor to zero. */
  clear(tensor: TensorInfo): void;
  /** Runs a function with the address of so many bytes, on a multiple of 64, which are freed afterwards. */
  scratch<T>(bytes: number, run: (address: number) => T): T;
  /** Writes 32-bit words from an address on. */
  write(address: number, words: ArrayLike<number>): void;
  /** Writes 32-bit floats from an address on. */
  writeFloats(address: number, values: readonly number[]): void;
  /** How many threads a job of so many products is worth; there may be fewer parts. */
  threadsFor(products: number): number;
  /** Does a job, on several threads where that can be. */
  share(job: SharedJob): void;
  /** Its workers, where the memory can be shared with them. */
  readonly threads: WasmThreads | undefined;
}

const modules = new WeakMap<KernelBackend, SimdModule | null>();
const compiled = new Map<string, WebAssembly.Module | null>();

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

/** Ends the workers of a backend that is no longer used. */
export function endThreads(backend: unknown): void {
  modules.get(backend as WasmBackend)?.threads?.end();
  modules.delete(backend as WasmBackend);
}

function compile(binary: string): WebAssembly.Module | null {
  let module = compiled.get(binary);
  if (module === undefined) {
    try {
      module = new WebAssembly.Module(Uint8Array.from(atob(binary), (char) => char.charCodeAt(0)));
    } catch {
      module = null;
    }
    compiled.set(binary, module);
  }
  return module;
}

function link(backend: WasmBackend): SimdModule | null {
  const { wasm } = backend;
  const memory = memoryOf(backend);
  if (!memory || typeof wasm._malloc !== 'function') return null;
  const shared = isShared(memory);
  const module = compile(shared ? KERNELS_WASM_THREADS : KERNELS_WASM);
  if (!module) return null;
  let exports: SimdExports & Partial<ThreadExports>;
  try {
    exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as typeof exports;
  } catch {
    // A memory that no binary of ours is made for.
    return null;
  }
  let words = new Int32Array(memory.buffer);
  let floats = new Float32Array(memory.buffer);

  const { work, ...others } = exports;
  const board = shared ? wasm._malloc(BOARD_BYTES + 64) >>> 0 : 0;
  const threads = board
    ? new WasmThreads(exports as Required<typeof exports>, module, memory, roundUp(board))
    : undefined;
  const self: SimdModule = {
    ...others,
    threads,
    output: (shape) => backend.makeOutput([...shape], 'float32'),
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset >>> 0,
    clear({ dataId, shape }) {
      const address = backend.dataIdMap.get(dataId).memoryOffset >>> 0;
      new Float32Array(memory.buffer, address, util.sizeFromShape(shape)).fill(0);
    },
    scratch(bytes, run) {
      const address = wasm._malloc(bytes + 64) >>> 0;
      if (address === 0) {
        throw new BackendError('wasm', `no memory is left for ${bytes} bytes of work space`, 'Use smaller batches');
      }
      try {
        return run(roundUp(address));
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
    threadsFor(products) {
      const wanted = Math.min(kernelSettings.threads, Math.floor(products / kernelSettings.products));
      return threads && wanted > 1 ? threads.available(wanted) : 1;
    },
    share(job) {
      const several = Math.min(job.threads, job.parts);
      const bytes = roundUp(job.bytes);
      const [a = 0, b = 0, c = 0, d = 0] = job.words;
      self.scratch(bytes * several, (at) => {
        if (several > 1) threads!.run({ ...job, threads: several }, at, bytes);
        else for (let part = 0; part < job.parts; part++) work(job.job, a, b, c, d, part, job.parts, at);
      });
    },
  };
  return self;
}

const roundUp = (bytes: number): number => Math.ceil(bytes / 64) * 64;
