import { add, backend, memory, ones, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { expect, test } from 'vitest';
import { useBackend } from '../use-backend';
import { guardAllocation } from './guard-allocation';

interface Wasm {
  wasm: { HEAPU8: Uint8Array; _malloc(bytes: number): number; _free(address: number): void };
}

test('what does not fit is an error that names the size, the limit and the remedies, and harms nothing', async () => {
  await useBackend('wasm');
  const { wasm } = backend() as unknown as Wasm;
  const small = tensor([1, 2, 3]);
  const held: number[] = [];
  // Untouched pages cost nothing.
  for (let i = 0; i < 3; i++) held.push(wasm._malloc(2 ** 30));
  expect(held.every((address) => address !== 0)).toBe(true);
  const before = memory().numTensors;
  const attempt = () => tidy(() => add(ones([2 ** 14, 1]), ones([2 ** 14])));
  expect(attempt).toThrow(BackendError);
  expect(attempt).toThrow(/no room for 1\.00 GiB: its memory has grown to 3\.\d\d GiB of 4 GiB, the limit of/);
  expect(attempt).toThrow(/with \d+ tensors in it.*\n.*`accumulate` of `fit`.*`checkpoint: true`/s);
  expect(memory().numTensors).toBe(before);
  expect([...(await small.data())]).toEqual([1, 2, 3]);

  for (const address of held) wasm._free(address);
  const sum = tidy(() => add(small, 1)) as Tensor;
  expect([...(await sum.data())]).toEqual([2, 3, 4]);
  for (const each of [small, sum]) each.dispose();
});

test('more than addresses can tell does not wrap around to little', async () => {
  await useBackend('wasm');
  const { wasm } = backend() as unknown as Wasm;
  expect(() => wasm._malloc(2 ** 32 + 16)).toThrow('no room for 4.00 GiB');
  expect(wasm._malloc(0)).toBeTypeOf('number');
});

test('guarded once; other backends are left alone', async () => {
  await useBackend('wasm');
  const { wasm } = backend() as unknown as Wasm;
  const { _malloc } = wasm;
  guardAllocation(backend());
  expect(wasm._malloc).toBe(_malloc);
  expect(() => guardAllocation({})).not.toThrow();
});
