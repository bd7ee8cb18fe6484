import { getBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { expect, test } from 'vitest';
import { useBackend } from '../use-backend';

test('in Node there is no WebGL: an error that says what there is, and the backend before stays', async () => {
  await useBackend('cpu');
  const lost = useBackend('webgl');
  await expect(lost).rejects.toThrow(BackendError);
  await expect(lost).rejects.toThrow("in Node: await useBackend('webgpu')");
  expect(getBackend()).toBe('cpu');
});
