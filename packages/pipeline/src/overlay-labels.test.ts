import { hostTensor } from '@wsss/core';
import { expect, test } from 'vitest';
import { overlayLabels } from './overlay-labels';

test('gives every class its colour over the photo, and leaves a dim, grey background', async () => {
  const photo = hostTensor(Uint8Array.of(100, 100, 100, 200, 100, 0), [1, 2, 3]);
  const palette = Uint8Array.of(0, 0, 0, 0, 0, 200);
  const { values, shape } = await overlayLabels(photo, hostTensor(Uint8Array.of(0, 1), [1, 2]), { palette });
  expect(shape).toEqual([1, 2, 3]);
  expect([...values]).toEqual([40, 40, 40, 100, 50, 100]);
});

test('names what does not fit', async () => {
  const labels = hostTensor(new Uint8Array(4), [2, 2]);
  await expect(overlayLabels(hostTensor(new Uint8Array(6), [1, 2, 3]), labels)).rejects.toThrow(
    /overlayLabels: expected `photo` of shape \[h = 2, w = 2, 3\]/,
  );
});
