import { type HostTensor, hostTensor, type NumericArray, type TensorLike } from '@wsss/core';
import type { CrfOptions } from './crf';
import type { CrfPreset } from './presets';

/** What goes to a worker; arrays are moved, not copied. */
export interface BatchRequest {
  readonly image: { readonly values: NumericArray; readonly shape: readonly number[] };
  readonly scores: { readonly values: NumericArray; readonly shape: readonly number[] };
  readonly preset: CrfPreset;
  readonly options: CrfOptions;
}

/** The probabilities, or nothing if there was an error. */
export interface BatchReply {
  readonly values?: Float32Array;
}

interface BatchWorker {
  /** `undefined` if the worker does not work or could not do it. */
  run(request: BatchRequest, moved: ArrayBuffer[]): Promise<BatchReply | undefined>;
  terminate(): void;
}

/** Workers that each refine one photo at a time. Started when first needed; a broken one is not used again. */
export class BatchWorkers {
  readonly #most: number;
  readonly #idle: BatchWorker[] = [];
  readonly #all: BatchWorker[] = [];
  readonly #waiting: (() => void)[] = [];
  #broken = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns `undefined` if no worker could do it. */
  async run(
    image: TensorLike,
    scores: TensorLike,
    preset: CrfPreset,
    options: CrfOptions,
  ): Promise<HostTensor | undefined> {
    const worker = await this.#take();
    if (!worker) return undefined;
    const request: BatchRequest = { image: await copy(image), scores: await copy(scores), preset, options };
    const moved = [request.image.values.buffer, request.scores.values.buffer] as ArrayBuffer[];
    const reply = await worker.run(request, moved);
    if (reply) this.#idle.push(worker);
    else this.#broken = true;
    this.#waiting.shift()?.();
    return reply?.values && hostTensor(reply.values, scores.shape);
  }

  terminate(): void {
    this.#broken = true;
    for (const worker of this.#all.splice(0)) worker.terminate();
  }

  async #take(): Promise<BatchWorker | undefined> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle) return idle;
      if (this.#broken || this.#most === 0) return undefined;
      if (this.#all.length < this.#most) {
        try {
          const worker = nodeWorker() ?? webWorker();
          this.#all.push(worker);
          return worker;
        } catch {
          // No workers here, or a policy against them.
          this.#broken = true;
          return undefined;
        }
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** Numbers of its own, which can be moved to a worker. */
async function copy(tensor: TensorLike): Promise<BatchRequest['image']> {
  return { values: (await tensor.data()).slice() as NumericArray, shape: tensor.shape };
}

function nodeWorker(): BatchWorker | undefined {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (!threads) return undefined;
  // Beside this module, and of its kind.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const worker = new threads.Worker(new URL(`./batch-worker${extension}`, import.meta.url), { name: 'wsss-crf-batch' });
  return {
    run: (request, moved) =>
      answer((done, failed) => {
        worker.once('message', done).once('error', failed).once('exit', failed);
        worker.postMessage(request, moved);
        return () => worker.off('message', done).off('error', failed).off('exit', failed);
      }),
    terminate: () => void worker.terminate(),
  };
}

function webWorker(): BatchWorker {
  // Bundlers recognise this form and put the worker beside their output.
  const worker = new Worker(new URL('./batch-worker.js', import.meta.url), { type: 'module', name: 'wsss-crf-batch' });
  return {
    run: (request, moved) =>
      answer((done, failed) => {
        const message = ({ data }: MessageEvent<BatchReply>) => done(data);
        worker.addEventListener('message', message);
        worker.addEventListener('error', failed);
        worker.postMessage(request, moved);
        return () => {
          worker.removeEventListener('message', message);
          worker.removeEventListener('error', failed);
        };
      }),
    terminate: () => worker.terminate(),
  };
}

/** The reply to one request; `undefined` if the worker fails. */
function answer(
  send: (done: (reply: BatchReply) => void, failed: () => void) => () => void,
): Promise<BatchReply | undefined> {
  return new Promise((resolve) => {
    const stop = send(
      (reply) => finish(reply),
      () => finish(undefined),
    );
    function finish(reply: BatchReply | undefined) {
      stop();
      resolve(reply);
    }
  });
}
