import { hostTensor, random } from '@wsss/core';
import { expect, test } from 'vitest';
import { averagePrecision, meanAveragePrecision } from './average-precision';

const floats = (...values: number[]) => hostTensor(Float64Array.from(values), [values.length]);
const bytes = (...values: number[]) => hostTensor(Uint8Array.from(values), [values.length]);

test("scikit-learn's example, and ties", async () => {
  // average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) of scikit-learn's documentation.
  expect(await averagePrecision(floats(0.1, 0.4, 0.35, 0.8), bytes(0, 0, 1, 1))).toBeCloseTo(0.8333333333333333, 15);
  // All equal: one point of the curve, at recall 1 and the share of positives.
  expect(await averagePrecision(floats(3, 3, 3, 3), bytes(1, 0, 0, 0))).toBe(0.25);
  expect(await averagePrecision(floats(2, 1, 1, 0), bytes(1, 0, 1, 0))).toBeCloseTo(0.5 + 0.5 * (2 / 3), 15);
});

test('the three ways to integrate, by hand', async () => {
  // From the top: 1 0 0 1 1 → precision 1 · · 1/2 3/5 at recall 1/3, 2/3, 1.
  const given = [floats(5, 4, 3, 2, 1), bytes(1, 0, 0, 1, 1)] as const;
  expect(await averagePrecision(...given)).toBeCloseTo((1 + 1 / 2 + 3 / 5) / 3, 15);
  expect(await averagePrecision(...given, { interpolation: 'all-points' })).toBeCloseTo((1 + 3 / 5 + 3 / 5) / 3, 15);
  // Recall 0 … 0.3 is reached at precision 1, 0.4 … 1 at 3/5.
  expect(await averagePrecision(...given, { interpolation: '11-point' })).toBeCloseTo((4 * 1 + 7 * 0.6) / 11, 15);
});

test('11 points: a recall of exactly 3/10 reaches the point 0.3', async () => {
  const scores = floats(...Array.from({ length: 20 }, (_, i) => -i));
  // Ten positives: three first, then ten negatives, then seven.
  const ten = bytes(1, 1, 1, ...new Array<number>(10).fill(0), ...new Array<number>(7).fill(1));
  expect(await averagePrecision(scores, ten, { interpolation: '11-point' })).toBeCloseTo((4 * 1 + 7 * 0.5) / 11, 15);
});

test('a perfect order gives 1; a change that keeps the order changes nothing; nor does the order of the images', async () => {
  const stream = random(4);
  const values = Array.from({ length: 60 }, () => stream.integer(0, 20) / 20);
  const truth = values.map((value) => (stream.next() < value ? 1 : 0));
  const value = await averagePrecision(floats(...values), bytes(...truth));
  expect(await averagePrecision(floats(...values.map(Math.exp)), bytes(...truth))).toBeCloseTo(value, 14);
  const order = stream.shuffle(values.map((_, i) => i));
  const shuffled = [floats(...order.map((i) => values[i]!)), bytes(...order.map((i) => truth[i]!))] as const;
  expect(await averagePrecision(...shuffled)).toBeCloseTo(value, 14);
  for (const interpolation of ['none', 'all-points', '11-point'] as const) {
    expect(await averagePrecision(bytes(...truth), bytes(...truth), { interpolation })).toBe(1);
  }
});

test('the mean is over the classes that some image has', async () => {
  const scores = hostTensor(Float32Array.of(0.9, 0.1, 0.5, 0.2, 0.8, 0.5, 0.4, 0.3, 0.5), [3, 3]);
  const targets = hostTensor(Uint8Array.of(1, 0, 0, 0, 1, 0, 1, 255, 0), [3, 3]);
  const { perClass, mean } = await meanAveragePrecision(scores, targets);
  expect(perClass).toEqual([1, 1, null]);
  expect(mean).toBe(1);
});

test('an ignored image counts nowhere', async () => {
  const all = await averagePrecision(floats(4, 3, 2, 1), bytes(1, 0, 255, 1));
  expect(all).toBe(await averagePrecision(floats(4, 3, 1), bytes(1, 0, 1)));
});

test('wrong arguments are named', async () => {
  await expect(averagePrecision(floats(1, 2), bytes(1))).rejects.toThrow(/`targets` of shape \[n = 2\], got \[1\]/);
  await expect(averagePrecision(hostTensor(new Float32Array(4), [2, 2]), bytes(1, 0))).rejects.toThrow(/\[n\]/);
  await expect(averagePrecision(floats(Number.NaN), bytes(1))).rejects.toThrow(
    /`scores` to be finite at \[0\], got NaN/,
  );
  await expect(averagePrecision(floats(1), bytes(2))).rejects.toThrow(/`targets` to be 0, 1 or 255 at \[0\], got 2/);
  await expect(averagePrecision(floats(1), bytes(0))).rejects.toThrow(/at least one 1/);
  await expect(averagePrecision(floats(1), bytes(1), { interpolation: 'x' as 'none' })).rejects.toThrow(
    /interpolation/,
  );
  await expect(averagePrecision(floats(1), bytes(1), { ignore: 0 })).rejects.toThrow(/`ignore`/);
  const none = hostTensor(new Uint8Array(4), [2, 2]);
  await expect(meanAveragePrecision(hostTensor(new Float32Array(4), [2, 2]), none)).rejects.toThrow(/at least one 1/);
});
