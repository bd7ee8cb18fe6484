import { BackendError } from '@wsss/core';
import { expect, test } from 'vitest';
import { shareMemory } from './share-memory';

const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A custom section, which is passed over, and a memory of one page and at most 300, or of no limit. */
const module = (...memory: number[]) => Uint8Array.from([...HEAD, 0, 3, 1, 0x61, 7, 5, memory.length, ...memory]);
const limited = module(1, 1, 1, 0xac, 2);

test('one bit makes a memory one that threads share', () => {
  const shared = shareMemory(limited);
  expect([...shared].filter((byte, i) => byte !== limited[i])).toEqual([3]);
  const exported = Uint8Array.from([...shared, 7, 5, 1, 1, 0x6d, 2, 0]);
  const { m } = new WebAssembly.Instance(new WebAssembly.Module(exported)).exports as { m: WebAssembly.Memory };
  expect(m.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(limited.at(-4)).toBe(1);
});

test.each([
  ['no memory', Uint8Array.from(HEAD)],
  ['a memory without a maximum', module(1, 0, 1)],
  ['two memories', module(2, 1, 1, 2, 1, 1, 2)],
  ['one that is shared already', module(1, 3, 1, 2)],
])('%s is an error', (_, binary) => {
  expect(() => shareMemory(binary)).toThrow(BackendError);
});
