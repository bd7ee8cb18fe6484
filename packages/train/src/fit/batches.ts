import { type Random, ValueError } from '@wsss/core';
import type { Batches, EpochContext } from './options';

/** Options of {@link batches}. */
export interface BatchesOptions<I, E, B> {
  /** What there is to learn from, e.g. file names with labels. */
  readonly items: readonly I[];
  /** Items in a batch. */
  readonly size: number;
  /**
   * Makes a training example of an item, e.g. reads and augments a photo.
   *
   * @param random A stream of this item in this epoch alone.
   */
  readonly load: (item: I, random: Random) => E | Promise<E>;
  /** Makes a batch of examples. */
  readonly collate: (examples: E[]) => B | Promise<B>;
  /** Another order in every epoch. @default true */
  readonly shuffle?: boolean;
  /** Leaves out a last batch that is not full, as the papers do. @default true */
  readonly dropLast?: boolean;
  /** Batches that are loaded while the one before is being learnt from. @default 1 */
  readonly prefetch?: number;
}

/**
 * Data for `fit`: shuffles items, loads them, and makes batches of them. Order and augmentation depend on the seed of
 * `fit`, the epoch and the position alone, so that a resumed run begins in the middle of an epoch without loading what
 * came before.
 *
 * @throws {ValueError} if `size` or `prefetch` is out of range, or there are too few items for a batch.
 */
export function batches<I, E, B>(options: BatchesOptions<I, E, B>): (context: EpochContext) => Batches<B> {
  const { items, size, load, collate, shuffle = true, dropLast = true, prefetch = 1 } = options;
  const whole = (n: number, least: number) => Number.isSafeInteger(n) && n >= least;
  if (!whole(size, 1)) throw new ValueError('batches', 'size', 'to be a whole number ≥ 1', size);
  if (!whole(prefetch, 0)) throw new ValueError('batches', 'prefetch', 'to be a whole number ≥ 0', prefetch);
  const length = dropLast ? Math.floor(items.length / size) : Math.ceil(items.length / size);
  if (length === 0) {
    const hint = 'With `dropLast: false` a smaller batch is made of them.';
    throw new ValueError('batches', 'items', `to fill a batch of ${size}`, `${items.length} of them`, hint);
  }
  return ({ random }) => {
    const order = Array.from(items.keys());
    if (shuffle) random.fork('order').shuffle(order);
    const make = async (position: number): Promise<B> => {
      const places = Array.from(
        { length: Math.min(size, items.length - position * size) },
        (_, i) => position * size + i,
      );
      const stream = random.fork('items');
      return collate(await Promise.all(places.map((place) => load(items[order[place]!]!, stream.fork(place)))));
    };
    return {
      length,
      from: (position) => ahead(position, length, prefetch, make),
      [Symbol.asyncIterator]: () => ahead(0, length, prefetch, make),
    };
  };
}

/** Yields in order what is made ahead of time. */
async function* ahead<B>(
  first: number,
  end: number,
  most: number,
  make: (at: number) => Promise<B>,
): AsyncGenerator<B> {
  const waiting: Promise<B>[] = [];
  for (let next = first, at = first; at < end; at++) {
    for (; next < end && next <= at + most; next++) {
      const batch = make(next);
      // Reported when its turn comes; until then a failure is not "unhandled".
      batch.catch(() => {});
      waiting.push(batch);
    }
    yield await waiting.shift()!;
  }
}
