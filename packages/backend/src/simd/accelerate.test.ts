import { backend, dispose, type KernelFunc, type TensorInfo, tensor, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../use-backend';
import { accelerate } from './accelerate';
import { simdModule } from './simd-module';

beforeAll(async () => {
  await useBackend('wasm');
});

const ours: TensorInfo = { dataId: {}, shape: [1], dtype: 'float32' };
const before: TensorInfo = { dataId: {}, shape: [2], dtype: 'float32' };
const fallback = { kernelFunc: () => before };
const call = (kernelFunc: KernelFunc, x: TensorInfo, on: object = backend()) =>
  kernelFunc({ inputs: { x }, attrs: {}, backend: on });

test('floats are ours, whatever else the kernel of before', () => {
  const { kernelFunc } = accelerate(() => ours)(fallback);
  const refused = accelerate(() => undefined)(fallback);
  const [floats, integers, none] = [zeros([2]), tensor([1, 2], [2], 'int32'), zeros([2, 0])];
  expect(call(kernelFunc, floats)).toBe(ours);
  expect(call(kernelFunc, integers)).toBe(before);
  expect(call(kernelFunc, none)).toBe(before);
  expect(call(refused.kernelFunc, floats)).toBe(before);
  dispose([floats, integers, none]);
});

test('a backend of another kind keeps its kernels', () => {
  const x = zeros([2]);
  expect(simdModule({})).toBeNull();
  expect(call(accelerate(() => ours)(fallback).kernelFunc, x, {})).toBe(before);
  x.dispose();
});

test('a shared memory without room for the board of threads is worked on by one', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const full = { wasm: { wasmMemory: memory, _malloc: () => 0, _free: () => {} } };
  const module = simdModule(full)!;
  expect(module.threads).toBeUndefined();
  expect(module.threadsFor(1e12)).toBe(1);
});

test('switched off, the kernels of before compute, until they are switched on again', async () => {
  const { kernelFunc } = accelerate(() => ours)(fallback);
  const x = zeros([2]);
  await useBackend('wasm', { kernels: 'stock' });
  expect(call(kernelFunc, x)).toBe(before);
  await useBackend('wasm');
  expect(call(kernelFunc, x)).toBe(ours);
  x.dispose();
});

test('a work space that cannot be had is an error that says so', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const full = { wasm: { asm: { memory }, _malloc: () => 0, _free: () => {} } };
  expect(() => simdModule(full)!.scratch(64, () => undefined)).toThrow('no memory is left for 64 bytes');
});
