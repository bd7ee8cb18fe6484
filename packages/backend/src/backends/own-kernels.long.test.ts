import { getGradient } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { useBackend } from '../use-backend';
import { verifyBackend } from '../verify-backend';

/** What fails with the gradients that TensorFlow.js registers, as its layers and its umbrella package do. */
async function failures(kernels: 'stock' | 'own'): Promise<string[]> {
  await useBackend('wasm', { kernels });
  const { rows } = await verifyBackend();
  return rows.filter(({ ok }) => !ok).map(({ operation }) => operation);
}

test('under the gradients of TensorFlow.js our kernels break nothing, and mend much', async () => {
  const theirs = getGradient('Conv2D');
  expect(theirs).toBeDefined();
  const before = await failures('stock');
  const after = await failures('own');
  expect(getGradient('Conv2D')).toBe(theirs);
  expect(after.filter((operation) => !before.includes(operation))).toEqual([]);
  expect(before.length - after.length).toBeGreaterThan(20);
});
