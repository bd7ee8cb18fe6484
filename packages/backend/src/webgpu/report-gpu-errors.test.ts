import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { BackendError } from '@wsss/core';
import { expect, test } from 'vitest';
import { reportGpuErrors } from './report-gpu-errors';

/** A GPU that fails when it is told to. */
function fakes() {
  class GPUValidationError extends Error {}
  class GPUOutOfMemoryError extends Error {}
  const errors = { GPUValidationError, GPUOutOfMemoryError };
  let lose: (info: { reason: string; message: string }) => void = () => {};
  const device = Object.assign(new EventTarget(), {
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
  });
  const id = {};
  const onGpu = {};
  const backend = {
    tensorMap: new Map([
      [id, { values: Float32Array.of(1), dtype: 'float32' }],
      [onGpu, { values: null, dtype: 'float32' }],
    ]),
    read: async () => Float32Array.of(1),
    readSync: () => Float32Array.of(1),
  } as unknown as WebGPUBackend;
  reportGpuErrors(backend, device as unknown as GPUDevice, true);
  const fail = (kind: keyof typeof errors, message: string) =>
    device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: new errors[kind](message) }));
  return { backend, id, onGpu, fail, lose: (reason: string, message: string) => lose({ reason, message }) };
}

test('an error of the GPU fails the reads that are under way, with its first cause; those after it read', async () => {
  const { backend, id, fail } = fakes();
  expect(await backend.read(id)).toEqual(Float32Array.of(1));
  const reads = [backend.read(id), backend.read(id)];
  fail('GPUValidationError', 'type mismatch');
  fail('GPUValidationError', 'Invalid CommandBuffer');
  for (const read of reads) {
    await expect(read).rejects.toThrow(BackendError);
    await expect(read).rejects.toThrow("backend 'webgpu': the GPU reports an error: type mismatch.");
  }
  expect(await backend.read(id)).toEqual(Float32Array.of(1));

  fail('GPUOutOfMemoryError', '');
  await expect(backend.read(id)).rejects.toThrow('the memory of the GPU is full');
  expect(() => backend.readSync(id)).not.toThrow();
});

test('a GPU that is lost stays lost; one that was given back is no error', async () => {
  const { backend, id, lose } = fakes();
  lose('unknown', 'it was unplugged');
  await Promise.resolve();
  for (let i = 0; i < 2; i++) await expect(backend.read(id)).rejects.toThrow('the GPU was lost: it was unplugged');

  const other = fakes();
  other.lose('destroyed', '');
  await Promise.resolve();
  expect(await other.backend.read(other.id)).toEqual(Float32Array.of(1));
});

test('in Node what is on the GPU is not read at once', () => {
  const { backend, id, onGpu } = fakes();
  expect(backend.readSync(id)).toEqual(Float32Array.of(1));
  expect(() => backend.readSync(onGpu)).toThrow(BackendError);
  expect(() => backend.readSync(onGpu)).toThrow('Read them with await tensor.data()');
});
