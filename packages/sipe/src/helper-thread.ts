/** Rows of blocks for a thread of its own: what `structureRow` of assembly/index.ts needs, as copies. */
export interface RowsJob {
  readonly panels: Float32Array;
  readonly columns: Float32Array;
  readonly count: number;
  readonly F: number;
  readonly vectors: number;
  readonly minimum: number;
  readonly rows: readonly number[];
}

/** What the worker runs: rows into a target of its own, which it sends back. */
const WORKER = `
  const answer = ({ module, panels, columns, count, F, vectors, minimum, rows }) => {
    const sizes = [panels.length, columns.length, columns.length, 64 * 64];
    const at = [64];
    for (const size of sizes) at.push(at.at(-1) + Math.ceil(size / 16) * 64 + 192);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(at[4] / 65536), maximum: 65536 });
    const { structureRow } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    new Float32Array(memory.buffer, at[0], panels.length).set(panels);
    new Float32Array(memory.buffer, at[1], columns.length).set(columns);
    for (const row of rows) structureRow(at[0], count, F, row, minimum, vectors, at[1], at[2], at[3]);
    return new Float32Array(memory.buffer, at[2], columns.length).slice();
  };`;

interface HelperWorker {
  post(message: unknown, transfer: ArrayBuffer[]): void;
  /** Keeps the program alive, or lets it end. */
  hold(held: boolean): void;
  end(): void;
}

/** Told once for each job: what it gave, or nothing if the thread is gone. */
type Reply = (target: Float32Array | undefined) => void;

let helper: HelperWorker | null | undefined;
let waiting: Reply | undefined;

/**
 * Hands rows to a second thread, which stays for later jobs and does not keep the program alive.
 *
 * @returns What the rows add up to, or nothing if the thread ends before; `undefined` where there is none, or it is busy.
 */
export function startRows(module: WebAssembly.Module, job: RowsJob): Promise<Float32Array | undefined> | undefined {
  if (helper === undefined) helper = processors() > 1 ? startHelper() : null;
  const thread = helper;
  if (!thread || waiting) return undefined;
  return new Promise((resolve) => {
    waiting = (target) => {
      waiting = undefined;
      thread.hold(false);
      resolve(target);
    };
    thread.hold(true);
    try {
      thread.post({ module, ...job }, [job.panels.buffer as ArrayBuffer, job.columns.buffer as ArrayBuffer]);
    } catch {
      // A policy against handing modules to workers.
      gone();
    }
  });
}

const done = (target?: Float32Array) => waiting?.(target);

/** The thread ended by itself: whoever waits does the rows, and so does everybody after. */
function gone(): void {
  helper?.end();
  helper = null;
  done();
}

function startHelper(): HelperWorker | null {
  try {
    return nodeWorker() ?? webWorker();
  } catch {
    // A policy against workers or blobs: the calling thread does all of the work.
    return null;
  }
}

function nodeWorker(): HelperWorker | undefined {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (!threads) return undefined;
  const code = `${WORKER}
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', (job) => {
      const target = answer(job);
      parentPort.postMessage(target, [target.buffer]);
    });`;
  const worker = new threads.Worker(code, { eval: true, name: 'wsss-sipe', execArgv: [] });
  worker.on('message', done);
  worker.on('error', gone);
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}

function webWorker(): HelperWorker {
  const code = `${WORKER} onmessage = ({ data }) => { const target = answer(data); postMessage(target, [target.buffer]); };`;
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'wsss-sipe' });
  worker.onmessage = ({ data }) => done(data as Float32Array);
  worker.onerror = gone;
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    hold: () => {},
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

function processors(): number {
  const os = globalThis.process?.getBuiltinModule?.('node:os');
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}
