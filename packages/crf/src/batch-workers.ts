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
    // Where no more workers will come, all go on without.
    for (const go of this.#waiting.splice(0, this.#broken ? this.#waiting.length : 1)) go();
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
  const answers = new Answers((request, moved) => worker.postMessage(request, moved));
  worker.on('message', answers.arrived).on('error', answers.failed).on('exit', answers.failed);
  return { run: answers.run, terminate: () => void worker.terminate() };
}

function webWorker(): BatchWorker {
  // Bundlers recognise this form and put the worker beside their output.
  const worker = new Worker(new URL('./batch-worker.js', import.meta.url), { type: 'module', name: 'wsss-crf-batch' });
  const answers = new Answers((request, moved) => worker.postMessage(request, moved));
  worker.onmessage = ({ data }: MessageEvent<BatchReply>) => answers.arrived(data);
  worker.onerror = answers.failed;
  return {
    run: answers.run,
    terminate: () => {
      worker.terminate();
      answers.failed();
    },
  };
}

/** One request at a time, and its answer; a worker may fail before, during or after it. */
class Answers {
  readonly #send: (request: BatchRequest, moved: ArrayBuffer[]) => void;
  #resolve: (reply: BatchReply | undefined) => void = () => {};
  #dead = false;

  constructor(send: (request: BatchRequest, moved: ArrayBuffer[]) => void) {
    this.#send = send;
  }

  readonly run = (request: BatchRequest, moved: ArrayBuffer[]): Promise<BatchReply | undefined> =>
    new Promise((resolve) => {
      this.#resolve = resolve;
      if (this.#dead) resolve(undefined);
      else this.#send(request, moved);
    });

  readonly arrived = (reply: BatchReply): void => this.#resolve(reply);

  readonly failed = (): void => {
    this.#dead = true;
    this.#resolve(undefined);
  };
}
