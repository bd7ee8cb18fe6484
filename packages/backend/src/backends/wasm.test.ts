import { getBackend, ones } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { expect, test, vi } from 'vitest';
import { useBackend } from '../use-backend';

test('files that are not where they were said to be: an error with the remedy, and the backend before stays', async () => {
  for (const name of ['warn', 'error'] as const) vi.spyOn(console, name).mockImplementation(() => {});
  await useBackend('cpu');
  const listeners = process.listeners('unhandledRejection').length;
  const lost = useBackend('wasm', { wasmPaths: '/nowhere' });
  await expect(lost).rejects.toThrow(BackendError);
  await expect(lost).rejects.toThrow("backend 'wasm': it did not start");
  await expect(lost).rejects.toThrow("useBackend('wasm', { wasmPaths: '/wasm/' })");
  expect(process.listeners('unhandledRejection')).toHaveLength(listeners);
  expect(getBackend()).toBe('cpu');
  expect([...(await ones([2]).data())]).toEqual([1, 1]);

  // The package does not take another place after a failure.
  const again = useBackend('wasm', { wasmPaths: '/elsewhere' });
  await expect(again).rejects.toThrow("backend 'wasm': its files cannot be looked for in other places");
  expect((await useBackend('auto')).name).toBe('cpu');
});
