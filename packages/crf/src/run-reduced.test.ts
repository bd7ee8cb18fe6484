import { hostTensor, random } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { crf, crfFromLabels, DEEPLAB_CRF, PSA_CRF } from './index';

/** Vertical stripes with noisy scores: class = stripe. */
function stripes(height: number, width: number, classes: number) {
  const stream = random(9);
  const image = new Uint8Array(height * width * 3);
  const scores = new Float32Array(height * width * classes);
  const truth = new Uint8Array(height * width);
  for (let i = 0; i < truth.length; i++) {
    const stripe = Math.floor(((i % width) * classes) / width);
    truth[i] = stripe;
    for (let c = 0; c < 3; c++) image[i * 3 + c] = 70 * stripe + 20 * c + stream.integer(0, 9);
    for (let c = 0; c < classes; c++) scores[i * classes + c] = 0.7 * stream.next() + (c === stripe ? 0.3 : 0);
  }
  return {
    image: hostTensor(image, [height, width, 3]),
    scores: hostTensor(scores, [height, width, classes]),
    truth,
  };
}

describe.for(['wasm', 'plain'] as const)('%s', (engine) => {
  test.for([
    [2, 0.5],
    [3, 0.5],
    [3, 0.3],
  ] as const)(
    '%i classes at scale %f: probabilities, edges where the full image has them',
    async ([classes, scale]) => {
      const { image, scores, truth } = stripes(37, 53, classes);
      const q = await crf(image, scores, PSA_CRF, { scale, engine });
      expect(q.shape).toEqual([37, 53, classes]);
      let right = 0;
      for (let i = 0; i < truth.length; i++) {
        const row = q.values.subarray(i * classes, (i + 1) * classes);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        if (row[truth[i]!] === Math.max(...row)) right++;
      }
      expect(right).toBe(truth.length);
    },
  );
});

test('the engines agree, a subset of classes and labels too', async () => {
  const { image, scores, truth } = stripes(20, 31, 4);
  const labels = hostTensor(truth, [20, 31]);
  for (const run of [
    (engine: 'wasm' | 'plain') => crf(image, scores, DEEPLAB_CRF, { scale: 0.5, engine, classes: [3, 1] }),
    (engine: 'wasm' | 'plain') => crf(image, scores, { ...PSA_CRF, clip: null }, { scale: 0.4, engine }),
    (engine: 'wasm' | 'plain') => crfFromLabels(image, labels, { classes: 4, scale: 0.5, engine }),
  ]) {
    const [wasm, plain] = [await run('wasm'), await run('plain')];
    for (let i = 0; i < wasm.values.length; i++)
      expect(Math.abs(wasm.values[i]! - plain.values[i]!)).toBeLessThan(1e-4);
  }
});

test('scale 1 is the full run, and even a tiny image can be reduced', async () => {
  const { image, scores } = stripes(12, 15, 3);
  expect((await crf(image, scores, PSA_CRF, { scale: 1 })).values).toEqual((await crf(image, scores, PSA_CRF)).values);
  const pixel = hostTensor(new Uint8Array(3), [1, 1, 3]);
  const q = await crf(pixel, hostTensor(Float32Array.of(0.2, 0.8), [1, 1, 2]), PSA_CRF, { scale: 0.1 });
  expect(q.values[0]! + q.values[1]!).toBeCloseTo(1, 6);
});

test('a pixel whose colour the small image has lost keeps its own scores', async () => {
  const { image, scores } = stripes(40, 60, 3);
  const lonely = new Uint8Array(image.values);
  // Of each block only one pixel, so that the mean of the block is nothing like it.
  for (let y = 0; y < 40; y += 8) for (let x = 0; x < 60; x += 8) lonely.set([0, 255, 130], (y * 60 + x) * 3);
  for (const engine of ['wasm', 'plain'] as const) {
    const preset = { ...PSA_CRF, bilateral: { sdims: 5, schan: 1, compat: 10 } };
    const q = await crf(hostTensor(lonely, [40, 60, 3]), scores, preset, { scale: 0.25, engine });
    expect(q.values.every((p) => p >= 0 && p <= 1)).toBe(true);
  }
});
