import {
  backend,
  conv2d,
  depthwiseConv2d,
  getGradient,
  getKernel,
  getKernelsForBackend,
  matMul,
  memory,
  ones,
  randomNormal,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { BackendError } from '@wsss/core';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { backendReport } from '../backend-report';
import { profile } from '../profile/profile';
import { simdModule } from '../simd/simd-module';
import { useBackend } from '../use-backend';
import { loadKernels } from './load-kernels';

// A program that imports no gradients: what computes, by what is registered, and by who was called.

const stock = new Map(getKernelsForBackend('wasm').map((config) => [config.kernelName, config]));
const REPLACED = ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'BatchMatMul', '_FusedMatMul', 'FusedBatchNorm'];
const kernelsNow = () => REPLACED.map((name) => getKernel(name, 'wasm'));

let x: Tensor4D;
let filter: Tensor4D;
let expected: Float32Array;
beforeAll(async () => {
  await useBackend('wasm', { kernels: 'stock' });
  x = randomNormal([2, 9, 11, 16], 0, 1, 'float32', 1) as Tensor4D;
  filter = randomNormal([3, 3, 16, 8], 0, 1, 'float32', 2) as Tensor4D;
  const y = conv2d(x, filter, 2, 'same');
  expected = (await y.data()) as Float32Array;
  y.dispose();
});
afterEach(() => vi.restoreAllMocks());

/** How often our WebAssembly was given work by a convolution, a depthwise one and a product. */
async function ours(): Promise<number> {
  const share = vi.spyOn(simdModule(backend())!, 'share');
  const y = conv2d(x, filter, 2, 'same');
  const largest = Math.max(...(await y.data()).map((value, i) => Math.abs(value - expected[i]!)));
  expect(largest).toBeLessThan(1e-4);
  y.dispose();
  tidy(() => {
    depthwiseConv2d(x, ones([3, 3, 16, 1]) as Tensor4D, 1, 'same');
    matMul(ones([25, 7]), ones([7, 4]));
  });
  const { length } = share.mock.calls;
  share.mockRestore();
  return length;
}

test("'stock' at first installs nothing", () => {
  for (const { kernelName, ...config } of getKernelsForBackend('wasm')) {
    expect(stock.get(kernelName), kernelName).toEqual({ kernelName, ...config });
  }
  expect(backendReport()).toContain('kernels    of TensorFlow.js\n');
});

test('useBackend alone makes convolutions and products run in our kernels', async () => {
  const before = memory().numTensors;
  await useBackend('wasm');
  expect(memory().numTensors).toBe(before);
  expect(kernelsNow().filter((config) => config === stock.get(config.kernelName))).toEqual([]);
  expect(await ours()).toBe(3);
  expect(backendReport()).toContain('kernels    of @wsss/backend\n');
  // Gradients are another import.
  expect(getGradient('Conv2D')).toBeUndefined();
});

test('they are found by a profile, and counted once', async () => {
  const { value, rows } = await profile(() => conv2d(x, filter, 2, 'same'), { print: false });
  value.dispose();
  expect(rows.map(({ kernel, calls }) => [kernel, calls])).toEqual([['Conv2D', 1]]);
});

test('starting again registers nothing again', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const [known, count] = [kernelsNow(), getKernelsForBackend('wasm').length];
  await useBackend('cpu');
  await useBackend('wasm');
  await useBackend('wasm', { kernels: 'own' });
  for (const [i, config] of kernelsNow().entries()) expect(config).toBe(known[i]);
  expect(getKernelsForBackend('wasm')).toHaveLength(count);
  expect(warn).not.toHaveBeenCalled();
});

test("'stock' and back", async () => {
  await useBackend('wasm', { kernels: 'stock' });
  expect(await ours()).toBe(0);
  expect(backendReport()).toContain('kernels    of TensorFlow.js\n');
  await useBackend('wasm');
  expect(await ours()).toBe(3);
});

test('gradients that are imported later lay nothing over them', async () => {
  const known = kernelsNow();
  await import('../gradients');
  for (const [i, config] of kernelsNow().entries()) expect(config).toBe(known[i]);
  expect(getGradient('Conv2D')).toBeDefined();
  expect(await ours()).toBe(3);
});

test('kernels that are not loaded: an error with the remedy', async () => {
  const cause = new TypeError('Failed to fetch dynamically imported module: /assets/install-on-wasm.js');
  const lost = loadKernels(() => Promise.reject(cause));
  await expect(lost).rejects.toThrow(BackendError);
  await expect(lost).rejects.toThrow("backend 'wasm': its kernels were not loaded: Failed to fetch");
  await expect(lost).rejects.toThrow("useBackend('wasm', { kernels: 'stock' })");
  await expect(lost).rejects.toMatchObject({ cause });
});
