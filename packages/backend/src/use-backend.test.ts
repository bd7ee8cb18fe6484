import { availableParallelism } from 'node:os';
import { getBackend, tensor1d } from '@tensorflow/tfjs-core';
import { BackendError, ValueError } from '@wsss/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadPackage } from './backends/load-package';
import { useBackend } from './use-backend';

afterEach(() => vi.restoreAllMocks());

test('each backend starts and computes, and can be gone back to', async () => {
  expect(await useBackend('cpu')).toEqual({ name: 'cpu', threads: 1, device: 'JavaScript', trainable: true });
  const threads = Math.min(16, availableParallelism());
  expect(await useBackend('wasm')).toEqual({ name: 'wasm', threads, device: 'WebAssembly SIMD', trainable: true });
  const onWasm = tensor1d([1, 2]);
  expect(await useBackend('cpu')).toMatchObject({ name: 'cpu' });
  expect(getBackend()).toBe('cpu');
  expect([...(await onWasm.data())]).toEqual([1, 2]);
  onWasm.dispose();
});

test('auto is the fastest that is installed, and the default', async () => {
  expect((await useBackend('auto')).name).toBe('wasm');
  expect((await useBackend()).name).toBe('wasm');
});

test('options of the kernels are checked, and count from the next call on', async () => {
  expect((await useBackend('wasm', { threads: 3 })).threads).toBe(3);
  expect((await useBackend('wasm', { threads: 1 })).threads).toBe(1);
  for (const threads of [0, 1.5, 64, Number.NaN]) {
    await expect(useBackend('wasm', { threads })).rejects.toThrow(
      'useBackend: expected `threads` to be a whole number from 1 to 63',
    );
  }
  const winograd = 3 as 2;
  await expect(useBackend('wasm', { winograd })).rejects.toThrow('expected `winograd` to be 2, 4 or false, got 3');
  const kernels = 'fast' as 'own';
  await expect(useBackend('wasm', { kernels })).rejects.toThrow(
    "expected `kernels` to be 'own' or 'stock', got 'fast'",
  );
});

test('calls at the same time are served one after the other', async () => {
  const infos = await Promise.all([useBackend('cpu'), useBackend('wasm'), useBackend('wasm'), useBackend('cpu')]);
  expect(infos.map(({ name }) => name)).toEqual(['cpu', 'wasm', 'wasm', 'cpu']);
  expect(getBackend()).toBe('cpu');
});

test('an unknown name is an error that lists the known ones, and changes nothing', async () => {
  await useBackend('cpu');
  const unknown = useBackend('gpu' as 'cpu');
  await expect(unknown).rejects.toThrow(ValueError);
  await expect(unknown).rejects.toThrow(
    "useBackend: expected `name` to be one of 'tensorflow', 'webgpu', 'webgl', 'wasm', 'cpu', 'auto', got 'gpu'.",
  );
  expect(getBackend()).toBe('cpu');
});

test('the process keeps its own way with unhandled rejections', async () => {
  await useBackend('wasm');
  const [listener] = process.listeners('unhandledRejection').filter((l) => String(l).includes('throw'));
  expect(listener).toBeUndefined();
});

test('the cpu backend does not advertise', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await useBackend('cpu');
  tensor1d([1]).dispose();
  expect(warn).not.toHaveBeenCalled();
});

describe('a package that is missing', () => {
  const load = (name: string) => loadPackage('wasm', name, () => import(/* @vite-ignore */ name));

  test('is named, with the command that installs it', async () => {
    const missing = load('@tensorflow/tfjs-backend-nowhere');
    await expect(missing).rejects.toThrow(BackendError);
    await expect(missing).rejects.toThrow(
      "backend 'wasm': the package @tensorflow/tfjs-backend-nowhere is not installed.\n" +
        'npm install @tensorflow/tfjs-backend-nowhere',
    );
  });

  test('is told from a package that fails by itself', async () => {
    const broken = loadPackage('wasm', 'some-package', async () => {
      throw new TypeError('some-package cannot find its mind');
    });
    await expect(broken).rejects.toThrow(TypeError);
  });
});
