import { type HostTensor, hostTensor, type TensorLike } from '@wsss/core';
import { BatchWorkers } from './batch-workers';
import { checkPreset } from './check-preset';
import { type CrfOptions, crf } from './crf';
import { checkThreads } from './lattice';
import type { CrfPreset } from './presets';
import { processors } from './wasm-threads';

/** A photo and its scores, as `crf` takes them. */
export interface CrfBatchItem {
  readonly image: TensorLike;
  readonly scores: TensorLike;
  /** The channels that take part. @default all */
  readonly classes?: readonly number[];
}

export interface CrfBatchOptions extends Pick<CrfOptions, 'engine' | 'scale' | 'signal'> {
  /** Images at a time, each on a thread of its own. @default all processors */
  readonly threads?: number;
}

/**
 * `crf` on many photos, several at a time in worker threads; where none can be started, one after the other here.
 * Photos are taken from `items` as they are needed, so that it may be a generator that reads them.
 *
 * @returns The probabilities `[h, w, K]` of each, in order.
 * @throws what `crf` throws, at the photo that is at fault.
 *
 * @example
 * for await (const probabilities of crfBatch(photos, PSA_CRF)) …
 */
export async function* crfBatch(
  items: Iterable<CrfBatchItem> | AsyncIterable<CrfBatchItem>,
  preset: CrfPreset,
  { threads = processors(), signal, ...options }: CrfBatchOptions = {},
): AsyncGenerator<HostTensor, void, void> {
  checkPreset('crfBatch', preset);
  checkThreads(threads);
  const workers = new BatchWorkers(threads > 1 ? threads : 0);
  const pending: Promise<HostTensor>[] = [];
  let stopped = false;
  const refine = async ({ image, scores, classes }: CrfBatchItem) => {
    const how = { ...options, classes, threads: 1 };
    // What a worker could not do is done here: so errors are those of crf.
    const done = await workers.run(image, scores, preset, how);
    return done ?? (stopped ? NOTHING : crf(image, scores, preset, { ...how, signal }));
  };
  try {
    for await (const item of items) {
      signal?.throwIfAborted();
      const result = refine(item);
      // Awaited in order; until then a rejection is not unhandled.
      result.catch(() => {});
      pending.push(result);
      if (pending.length > threads) yield await untilAborted(pending.shift()!, signal);
    }
    while (pending.length > 0) yield await untilAborted(pending.shift()!, signal);
  } finally {
    stopped = true;
    workers.terminate();
  }
}

/** The result that nobody waits for any more. */
const NOTHING = hostTensor(new Float32Array(0), [0, 0, 0]);

async function untilAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
