import { ValueError } from '@wsss/core';
import type { Data, EpochContext } from './options';

/** The batches of an epoch from a position on, with their number where it is known. */
export async function openEpoch<B>(
  data: Data<B>,
  context: EpochContext,
  position: number,
): Promise<{ iterator: Iterator<B> | AsyncIterator<B>; length: number | undefined }> {
  const batches = typeof data === 'function' ? await untilAborted(data(context), context.signal) : data;
  const length = typeof batches?.length === 'number' ? batches.length : undefined;
  if (position > 0 && typeof batches.from === 'function')
    return { iterator: iteratorOf(batches.from(position)), length };
  const iterator = iteratorOf(batches);
  for (let skipped = 0; skipped < position; skipped++) {
    if ((await untilAborted(iterator.next(), context.signal)).done) {
      throw new ValueError(
        'fit',
        'data',
        `to yield the ${position} batches of epoch ${context.epoch + 1} that were used before the checkpoint`,
        `only ${skipped}`,
        'The data is another than when the checkpoint was written, or a generator that was read already.',
      );
    }
  }
  return { iterator, length };
}

function iteratorOf<B>(batches: Iterable<B> | AsyncIterable<B>): Iterator<B> | AsyncIterator<B> {
  const source = batches as Partial<Iterable<B> & AsyncIterable<B>> | null | undefined;
  const iterator = source?.[Symbol.asyncIterator]?.() ?? source?.[Symbol.iterator]?.();
  if (iterator) return iterator;
  throw new ValueError('fit', 'data', 'to be iterable, or a function that returns an iterable', batches);
}

/** Waits, but no longer than the signal allows. */
export async function untilAborted<T>(value: T | PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return value;
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
