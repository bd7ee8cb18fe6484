import type { SharedJob } from './job';

// The board: see assembly/threads.ts.
const READY = 4;
const JOB = 32;
export const BOARD_BYTES = 192;
/** The most threads, this one included. */
export const MOST_THREADS = 63;

/** What the binary for threads exports besides. */
export interface ThreadExports {
  serve(board: number, index: number): void;
  run(board: number, parts: number, threads: number, sleep: number): void;
}

/** What a worker runs: nothing but the module, which waits for jobs by itself. */
const WORKER = `
  const serve = ({ module, memory, board, index }) =>
    new WebAssembly.Instance(module, { env: { memory } }).exports.serve(board, index);`;

interface StartedWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
}

/**
 * Workers that share the memory of a backend. They are started when first wanted and join in when they are ready; until
 * then, and where none can be started, the calling thread does all the work.
 */
export class WasmThreads {
  readonly #exports: ThreadExports;
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #board: number;
  readonly #sleeps: number;
  readonly #workers: StartedWorker[] = [];
  #words: Int32Array;
  #broken = false;

  /** @param board The address of {@link BOARD_BYTES} bytes, a multiple of 64. */
  constructor(exports: ThreadExports, module: WebAssembly.Module, memory: WebAssembly.Memory, board: number) {
    this.#exports = exports;
    this.#module = module;
    this.#memory = memory;
    this.#board = board;
    this.#words = new Int32Array(memory.buffer, board, BOARD_BYTES / 4);
    this.#words.fill(0);
    // A browser's main thread must not sleep.
    this.#sleeps = typeof globalThis.document === 'undefined' ? 1 : 0;
  }

  /** Threads that can take part now, at most `wanted`; starts workers for the rest. */
  available(wanted: number): number {
    const most = Math.min(wanted, MOST_THREADS);
    while (this.#workers.length < most - 1 && !this.#broken) this.#start(this.#workers.length + 1);
    return Math.max(1, Math.min(most, 1 + Atomics.load(this.#words, READY)));
  }

  /** Resolves when `wanted` threads are there, or no more will come. */
  async ready(wanted: number): Promise<number> {
    while (this.available(wanted) < Math.min(wanted, MOST_THREADS) && !this.#broken) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return this.available(wanted);
  }

  /** @param scratch Where the first thread's work space is; the others' follow, `bytes` apart. */
  run({ job, words, parts, threads }: SharedJob, scratch: number, bytes: number): void {
    const [a = 0, b = 0, c = 0, d = 0] = words;
    this.#words.set([job, a, b, c, d, parts, scratch, bytes], JOB);
    this.#exports.run(this.#board, parts, threads, this.#sleeps);
  }

  /** Ends the workers. Nothing may be running. */
  end(): void {
    this.#broken = true;
    for (const worker of this.#workers.splice(0)) worker.terminate();
    this.#words = new Int32Array(BOARD_BYTES / 4);
  }

  #start(index: number): void {
    try {
      const worker = nodeWorker() ?? this.#webWorker();
      worker.postMessage({ module: this.#module, memory: this.#memory, board: this.#board, index });
      this.#workers.push(worker);
    } catch {
      // A policy against workers: the work is done without them.
      this.#broken = true;
    }
  }

  #webWorker(): StartedWorker {
    const code = `${WORKER} onmessage = ({ data }) => serve(data);`;
    const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    const worker = new Worker(url, { name: 'wsss-backend' });
    // A policy against blobs says so later.
    worker.onerror = () => {
      this.#broken = true;
    };
    URL.revokeObjectURL(url);
    return worker;
  }
}

function nodeWorker(): StartedWorker | undefined {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (!threads) return undefined;
  const code = `${WORKER} require('node:worker_threads').parentPort.once('message', serve);`;
  const worker = new threads.Worker(code, { eval: true, name: 'wsss-backend', execArgv: [] });
  // The process ends when its own work is done.
  worker.unref();
  return worker;
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
