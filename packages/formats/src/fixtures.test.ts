import { readFileSync } from 'node:fs';
import type { TensorLike } from '@wsss/core';
import { describe, expect, test, vi } from 'vitest';
import { readNpy, readStateDict } from './index';

/** What `make_checkpoints.py` put into each file. 64-bit integers are text. */
type Expected = Record<string, { tensors: Record<string, { shape: number[]; dtype: string; values: unknown[] }> }>;
const folder = new URL('../fixtures/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Expected;
const arrays = Object.keys(expected).filter((name) => '' in expected[name]!.tensors);
const dictionaries = Object.keys(expected).filter((name) => !arrays.includes(name));

async function check(name: string, tensors: ReadonlyMap<string, TensorLike>): Promise<void> {
  const { tensors: wanted } = expected[name]!;
  expect([...tensors.keys()]).toEqual(Object.keys(wanted));
  for (const [key, { shape, dtype, values }] of Object.entries(wanted)) {
    const tensor = tensors.get(key)!;
    expect({ key, shape: tensor.shape, dtype: tensor.dtype }).toEqual({ key, shape, dtype });
    const plain = [...(await tensor.data())].map((value) => (typeof value === 'bigint' ? `${value}` : value));
    expect(plain).toEqual(values.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  }
}

describe.each(dictionaries)('%s', (name) => {
  const url = new URL(name, folder);
  test('from a path', async () => check(name, await readStateDict(url)));
  test('from bytes, at an odd address', async () => {
    const bytes = new Uint8Array(readFileSync(url).length + 1);
    bytes.set(readFileSync(url), 1);
    await check(name, await readStateDict(bytes.subarray(1)));
  });
  test('without Node', async () => {
    const blob = new Blob([new Uint8Array(readFileSync(url))]);
    const modules = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    try {
      await check(name, await readStateDict(blob));
    } finally {
      modules.mockRestore();
    }
  });
});

test.each(arrays)('%s', async (name) => {
  await check(name, new Map([['', await readNpy(new URL(name, folder))]]));
});
