import type { WasmMemory } from './wasm-memory';

// The job board: see assembly/threads.ts.
const READY = 6;
const FLAGS = 8;
const ARGUMENTS = 16;
const BOARD_BYTES = 1024;
/** Jobs of the module. */
export const JOB = {
  ...{ iterate: 1, rows: 2, locate: 3, neighbours: 4 },
  ...{ renumber: 5, filter: 6, factors: 7, logs: 8 },
} as const;
/** What the job for rows can do. */
export const ROWS = { negate: 0, subtract: 1, pack: 2, sigmoid: 3 } as const;
/** The board has room for the arguments of so many parts. */
export const MOST_THREADS = 16;

/** What the binary for threads exports besides. */
export interface ThreadExports {
  serve(board: number, index: number): void;
  run(board: number, job: number, threads: number, sleep: number): void;
}

/** What the module for threads imports: sleeping and waking. The words that threads wait for lie at the start of the memory. */
export function threadImports(memory: WebAssembly.Memory) {
  const words = new Int32Array(memory.buffer);
  return {
    memory,
    sleep: (address: number, value: number) => {
      Atomics.wait(words, address >> 2, value);
    },
    wake: (address: number) => {
      Atomics.notify(words, address >> 2);
    },
  };
}

/** What a worker runs: nothing but the module, which waits for jobs by itself. */
const WORKER = `
  const serve = ({ module, memory, board, index }) => {
    const words = new Int32Array(memory.buffer);
    const sleep = (address, value) => { Atomics.wait(words, address >> 2, value); };
    const wake = (address) => { Atomics.notify(words, address >> 2); };
    new WebAssembly.Instance(module, { env: { memory, sleep, wake } }).exports.serve(board, index);
  };`;

interface NodeWorker {
  postMessage(message: unknown): void;
  unref(): void;
  terminate(): unknown;
}

/**
 * Workers that share the module's memory. They are started when first wanted and join in when they are ready; until
 * then, and where none can be started, the calling thread does all the work.
 */
export class WasmThreads {
  readonly #exports: ThreadExports;
  readonly #module: WebAssembly.Module;
  readonly #heap: WasmMemory;
  readonly #board: number;
  readonly #sleeps: number;
  readonly #workers: { terminate(): unknown }[] = [];
  #broken = false;

  constructor(exports: ThreadExports, module: WebAssembly.Module, heap: WasmMemory) {
    this.#exports = exports;
    this.#module = module;
    this.#heap = heap;
    this.#board = heap.allocate(BOARD_BYTES, true);
    // A browser's main thread must not sleep.
    this.#sleeps = typeof globalThis.window === 'undefined' ? 1 : 0;
  }

  /** Threads that can take part now, at most `wanted`; starts workers for the rest. */
  available(wanted: number): number {
    const most = Math.min(wanted, MOST_THREADS);
    while (this.#workers.length < most - 1 && !this.#broken) this.#start(this.#workers.length + 1);
    return Math.min(most, 1 + Atomics.load(this.#words(), READY));
  }

  /** Resolves when `wanted` threads are there, or no more will come. */
  async ready(wanted: number): Promise<number> {
    const most = Math.min(wanted, MOST_THREADS);
    while (this.available(most) < most && !this.#broken) await new Promise((resolve) => setTimeout(resolve, 2));
    return this.available(most);
  }

  /**
   * Runs a job on this thread and the next `threads` − 1; the `floats` follow the other arguments.
   * @returns The flags of all threads.
   */
  run(job: number, threads: number, args: readonly number[], ...floats: readonly number[]): number {
    const words = this.#words();
    words.set(args, ARGUMENTS);
    if (floats.length > 0) this.#heap.floats(this.#board, BOARD_BYTES / 4).set(floats, ARGUMENTS + args.length);
    this.#exports.run(this.#board, job, threads, this.#sleeps);
    return words[FLAGS]!;
  }

  #words(): Int32Array {
    return this.#heap.words(this.#board, BOARD_BYTES / 4);
  }

  #start(index: number): void {
    const message = { module: this.#module, memory: this.#heap.memory, board: this.#board, index };
    try {
      const worker = nodeWorker() ?? webWorker();
      worker.postMessage(message);
      this.#workers.push(worker);
    } catch {
      // A policy against workers or blobs: the work is done without them.
      this.#broken = true;
    }
  }
}

function nodeWorker(): NodeWorker | undefined {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (!threads) return undefined;
  const code = `${WORKER} require('node:worker_threads').parentPort.once('message', serve);`;
  const worker = new threads.Worker(code, { eval: true, name: 'wsss-crf', execArgv: [] });
  // The process ends when its own work is done.
  worker.unref();
  return worker;
}

function webWorker(): NodeWorker {
  const code = `${WORKER} onmessage = ({ data }) => serve(data);`;
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'wsss-crf' });
  URL.revokeObjectURL(url);
  return Object.assign(worker, { unref: () => {} });
}

/** Whether memory can be shared between threads here. */
export function threadsPossible(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  return typeof globalThis.process?.getBuiltinModule === 'function' || globalThis.crossOriginIsolated === true;
}

/** The processors that this program may use. */
export function processors(): number {
  const os = globalThis.process?.getBuiltinModule?.('node:os');
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}
