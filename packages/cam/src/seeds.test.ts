import { argmaxLabels, hostTensor, random } from '@wsss/core';
import { expect, test } from 'vitest';
import { seeds } from './seeds';

const row = (values: number[], classes: number) =>
  hostTensor(Float32Array.from(values), [1, values.length / classes, classes]);

test('the class of the highest map above the threshold, else background; the first of equals', async () => {
  const maps = row([0.1, 0.3, 0.5, 0.5, 0.2, 0.1, 0, 0, 0.9, 0.2], 2);
  expect([...(await seeds(maps, { classes: [15, 3] })).values]).toEqual([3, 15, 0, 0, 15]);
  expect([...(await seeds(maps)).values]).toEqual([2, 1, 0, 0, 1]);
  expect([...(await seeds(maps, { threshold: 0.4 })).values]).toEqual([0, 1, 0, 0, 1]);
});

test('between two thresholds it is undecided', async () => {
  const maps = row([0.04, 0.06, 0.29, 0.31], 1);
  const labels = await seeds(maps, { classes: [7], threshold: 0.3, backgroundThreshold: 0.05 });
  expect([...labels.values]).toEqual([0, 255, 255, 7]);
});

test('it is the argmax over a constant background and the maps', async () => {
  const stream = random(6);
  const classes = [4, 9, 2];
  const maps = hostTensor(
    Float32Array.from({ length: 8 * 9 * 3 }, () => stream.integer(0, 10) / 10),
    [8, 9, 3],
  );
  const scores = new Float32Array(8 * 9 * 4).map((_, i) =>
    i % 4 === 0 ? 0.3 : maps.values[Math.floor(i / 4) * 3 + (i % 4) - 1]!,
  );
  const labels = await seeds(maps, { classes, threshold: 0.3 });
  expect(labels.values).toEqual((await argmaxLabels(hostTensor(scores, [8, 9, 4]), { classes })).values);
});

test('wrong arguments are named', async () => {
  const maps = row([0.1, 0.3], 2);
  await expect(seeds(maps, { classes: [1] })).rejects.toThrow(
    /`maps` of shape \[h, w, 1\], got \[1, 1, 2\].\nOne map per/,
  );
  await expect(seeds(maps, { classes: [1, 255] })).rejects.toThrow(/class indices 1..254/);
  await expect(seeds(maps, { classes: [1, 1] })).rejects.toThrow(/each class once/);
  await expect(seeds(maps, { threshold: Number.NaN })).rejects.toThrow(/`threshold`/);
  await expect(seeds(maps, { backgroundThreshold: 0.5 })).rejects.toThrow(/at most the threshold 0.2, got 0.5/);
  await expect(seeds(row([Number.NaN], 1))).rejects.toThrow(/finite/);
  await expect(seeds(hostTensor(new Float32Array(4), [2, 2]))).rejects.toThrow(/`maps` of shape \[h, w, C\]/);
});
