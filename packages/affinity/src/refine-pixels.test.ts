import { hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { expect, test } from 'vitest';
import { refinePixels } from './refine-pixels';

/** Two colours, a border at column 13, and scores whose border is four columns too far to the right. */
const [h, w] = [24, 32];
const stream = random(3);
const image = hostTensor(
  Uint8Array.from({ length: h * w * 3 }, (_, i) => (Math.floor(i / 3) % w < 13 ? 40 : 200) + stream.integer(0, 8)),
  [h, w, 3],
);
const scores = hostTensor(
  Float32Array.from({ length: h * w }, (_, i) => (i % w < 17 ? 1 : 0)),
  [h, w, 1],
);

test('moves scores to where colours change, within their range', async () => {
  const { values } = await refinePixels(image, scores);
  const wrong = (map: Float32Array) => map.filter((value, i) => value > 0.5 !== i % w < 13).length;
  expect(wrong(scores.values)).toBe(4 * h);
  expect(wrong(values)).toBeLessThan(h);
  for (const value of values) expect(value >= -1e-6 && value <= 1 + 1e-5).toBe(true);
});

test('a constant stays, an image of one colour gives no NaN, no iteration changes nothing', async () => {
  const grey = hostTensor(new Uint8Array(h * w * 3).fill(90), [h, w, 3]);
  const same = hostTensor(new Float32Array(h * w).fill(0.25), [h, w, 1]);
  for (const value of (await refinePixels(grey, same)).values) expect(value).toBeCloseTo(0.25, 5);
  for (const value of (await refinePixels(grey, scores)).values) expect(Number.isFinite(value)).toBe(true);
  expect((await refinePixels(image, scores, { iterations: 0 })).values).toEqual(scores.values);
});

test('refuses what does not fit', async () => {
  await expect(refinePixels(image, hostTensor(new Float32Array(4), [2, 2, 1]))).rejects.toThrow(ShapeError);
  await expect(refinePixels(image, scores, { dilations: [] })).rejects.toThrow(ValueError);
  await expect(refinePixels(image, scores, { dilations: [0] })).rejects.toThrow(ValueError);
  await expect(refinePixels(image, scores, { iterations: 1.5 })).rejects.toThrow(ValueError);
});
