import { complex, engine, getKernel, registerKernel, relu, tensor1d, unregisterKernel } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { expect, test } from 'vitest';
import { nameMissingKernels } from './name-missing-kernels';
import { useBackend } from './use-backend';

test('the first use of a missing kernel names it, the backend, and where it is', async () => {
  await useBackend('cpu');
  await useBackend('wasm', { kernels: 'stock' });
  const call = () => complex([1], [2]);
  expect(call).toThrow(BackendError);
  expect(call).toThrow("backend 'wasm': it has no kernel 'Complex'.\n");
  expect(call).toThrow("Compute it on 'cpu': await useBackend('cpu')");
  expect(call).toThrow("Import '@wsss/backend/gradients', which brings kernels that TensorFlow.js lacks.");
});

test('with our kernels installed, they are not what is missing', async () => {
  await useBackend('wasm');
  const x = tensor1d([-1, 2]);
  const stock = getKernel('Relu', 'wasm');
  unregisterKernel('Relu', 'wasm');
  try {
    expect(() => relu(x)).toThrow("backend 'wasm': it has no kernel 'Relu'.\nCompute it on 'cpu'");
  } finally {
    registerKernel(stock);
  }
  const y = relu(x);
  expect([...(await y.data())]).toEqual([0, 2]);
  y.dispose();
  x.dispose();
});

test('the engine is told once', () => {
  const { runKernel } = engine();
  nameMissingKernels();
  expect(engine().runKernel).toBe(runKernel);
});
