import { type Random, random } from '@wsss/core';
import { expect, test } from 'vitest';
import { type BatchesOptions, batches } from './batches';
import type { Batches } from './options';

const context = (seed = 1) => ({ epoch: 0, random: random(seed), signal: undefined });
const options = {
  items: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  size: 2,
  load: (item: string, stream: Random) => `${item}${stream.integer(0, 999)}`,
  collate: (examples: string[]) => examples,
} satisfies BatchesOptions<string, string, string[]>;
const all = async <B>(source: Iterable<B> | AsyncIterable<B>) => {
  const got: B[] = [];
  for await (const batch of source) got.push(batch);
  return got;
};
const read = async (made: Batches<string[]> | Promise<Batches<string[]>>) => all(await made);

test('shuffles by the stream of the epoch, drops the last batch, and tells the length', async () => {
  const epoch = batches(options)(context());
  expect(epoch.length).toBe(3);
  const got = await read(epoch);
  expect(got.map(({ length }) => length)).toEqual([2, 2, 2]);
  expect(await read(batches(options)(context()))).toEqual(got);
  expect(await read(batches(options)(context(2)))).not.toEqual(got);
  expect(new Set(got.flat().map((text) => text[0])).size).toBe(6);
});

test('from a position on, it loads what the whole epoch has there, and nothing else', async () => {
  const loaded: string[] = [];
  const load = (item: string, stream: Random) => {
    loaded.push(item);
    return options.load(item, stream);
  };
  const whole = await read(batches(options)(context()));
  const part = await all(batches({ ...options, load })(context()).from!(2));
  expect(part).toEqual(whole.slice(2));
  expect(loaded).toHaveLength(2);
});

test('without shuffling the order is that of the items, and the last batch may stay', async () => {
  const epoch = batches({ ...options, shuffle: false, dropLast: false })(context());
  expect(epoch.length).toBe(4);
  expect((await read(epoch)).map((batch) => batch.map((text) => text[0]).join(''))).toEqual(['ab', 'cd', 'ef', 'g']);
});

test('loads so many batches ahead, and tells an error when its turn comes', async () => {
  let begun = 0;
  const load = async (item: string) => {
    begun++;
    if (item === 'e') throw new Error('e is damaged');
    return item;
  };
  const epoch = batches({ ...options, shuffle: false, load, prefetch: 2 })(context());
  const iterator = (epoch as AsyncIterable<string[]>)[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ value: ['a', 'b'], done: false });
  expect(begun).toBe(6);
  expect(await iterator.next()).toEqual({ value: ['c', 'd'], done: false });
  await expect(iterator.next()).rejects.toThrow('e is damaged');
});

test('refuses sizes without meaning', () => {
  expect(() => batches({ ...options, size: 0 })).toThrow(/size/);
  expect(() => batches({ ...options, prefetch: -1 })).toThrow(/prefetch/);
  expect(() => batches({ ...options, size: 8 })).toThrow(/7 of them.*dropLast/s);
  expect(() => batches({ ...options, items: [], dropLast: false })).toThrow(/items/);
});
