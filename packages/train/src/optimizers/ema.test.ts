import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { hostTensor, ShapeError } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { ema } from './ema';

beforeAll(async () => {
  await setBackend('cpu');
});

test('ema averages, exchanges and goes on from saved values', async () => {
  const w = variable(tensor1d([1, -2]));
  const before = memory().numTensors;
  const average = ema(new Map([['w', w]]), 0.75);
  for (const next of [
    [2, 0],
    [4, 4],
  ]) {
    tidy(() => w.assign(tensor1d(next)));
    tidy(() => average.update());
  }
  // 0.75 (0.75 · 1 + 0.25 · 2) + 0.25 · 4 and 0.75 (0.75 · −2) + 0.25 · 4
  expect([...(await average.values.get('w')!.data())]).toEqual([1.9375, -0.125]);
  average.swap();
  expect([...(await w.data())]).toEqual([1.9375, -0.125]);
  average.swap();
  expect([...(await w.data())]).toEqual([4, 4]);
  expect(memory().numTensors).toBe(before + 1);
  await average.loadValues(new Map([['w', hostTensor(Float32Array.of(8, 0), [2])]]));
  average.update();
  expect([...(await average.values.get('w')!.data())]).toEqual([7, 1]);
  await expect(average.loadValues(new Map())).rejects.toThrow(/'w'/);
  await expect(average.loadValues(new Map([['w', tensor1d([1])]]))).rejects.toThrow(ShapeError);
  expect(() => ema(new Map([['w', w]]), 1)).toThrow(/decay/);
  expect(() => ema(new Map(), 0.9)).toThrow(/at least one/);
  average.dispose();
  w.dispose();
});
