import { readFileSync } from 'node:fs';
import type { TensorLike } from '@wsss/core';
import { describe, expect, test, vi } from 'vitest';
import { readNpy, readStateDict } from './index';

/** What `make_checkpoints.py` put into each file. 64-bit integers are text. */
type Expected = Record<string, { tensors: Record<string, { shape: number[]; dtype: string; values: unknown[] }> }>;
// The same script, run with torch 1.13 and with a current torch.
const folders = ['../fixtures/', '../fixtures/torch-2.15/'].map((path) => new URL(path, import.meta.url));
const files = folders.flatMap((folder) => {
  const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Expected;
  return Object.entries(expected).map(([name, { tensors }]) => ({
    name: folder === folders[0] ? name : `${name}, torch 2.15`,
    url: new URL(name, folder),
    wanted: tensors,
  }));
});
type Case = (typeof files)[number];
const arrays = files.filter(({ wanted }) => '' in wanted);
const dictionaries = files.filter(({ wanted }) => !('' in wanted));

async function check({ wanted }: Case, tensors: ReadonlyMap<string, TensorLike>): Promise<void> {
  expect([...tensors.keys()]).toEqual(Object.keys(wanted));
  for (const [key, { shape, dtype, values }] of Object.entries(wanted)) {
    const tensor = tensors.get(key)!;
    expect({ key, shape: tensor.shape, dtype: tensor.dtype }).toEqual({ key, shape, dtype });
    const plain = [...(await tensor.data())].map((value) => (typeof value === 'bigint' ? `${value}` : value));
    expect(plain).toEqual(values.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  }
}

describe.each(dictionaries)('$name', (file) => {
  const { url } = file;
  test('from a path', async () => check(file, await readStateDict(url)));
  test('from bytes, at an odd address', async () => {
    const bytes = new Uint8Array(readFileSync(url).length + 1);
    bytes.set(readFileSync(url), 1);
    await check(file, await readStateDict(bytes.subarray(1)));
  });
  test('without Node', async () => {
    const blob = new Blob([new Uint8Array(readFileSync(url))]);
    const modules = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    try {
      await check(file, await readStateDict(blob));
    } finally {
      modules.mockRestore();
    }
  });
});

test.each(arrays)('$name', async (file) => {
  await check(file, new Map([['', await readNpy(file.url)]]));
});
