import { hostTensor } from '@wsss/core';
import { expect, test } from 'vitest';
import { crf, PSA_CRF } from './index';
import { crfModule } from './wasm-module';

test('4096 × 4096 pixels, and their memory comes back', async () => {
  const size = 4096;
  const image = new Uint8Array(size * size * 3);
  const scores = new Float32Array(size * size * 2);
  for (let i = 0; i < size * size; i++) {
    const left = i % size < size / 2;
    image.fill(left ? 60 : 180, 3 * i, 3 * i + 3);
    const noise = ((i * 7919) % 1013) / 1013;
    scores[2 * i] = (left ? 0.3 : 0) + 0.7 * noise;
    scores[2 * i + 1] = (left ? 0 : 0.3) + 0.7 * (1 - noise);
  }
  const used = crfModule()!.heap.used;
  const q = await crf(hostTensor(image, [size, size, 3]), hostTensor(scores, [size, size, 2]), PSA_CRF);
  let wrong = 0;
  for (let i = 0; i < size * size; i++) if (q.values[2 * i]! > 0.5 !== i % size < size / 2) wrong++;
  expect(wrong).toBe(0);
  expect(crfModule()!.heap.used).toBe(used);
});
