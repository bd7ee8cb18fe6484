import { memory } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { hostTensor, random } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { SIPE_HEAD } from './settings';
import { firstSide, sideName, withSides } from './sides';
import { trainSipeHead } from './train-sipe-head';

beforeAll(async () => void (await useBackend('wasm')));

/** Cells of 5 × 6: class 1 or 2 at the left, seen in its part by one feature and whole by another. */
const photos = Array.from({ length: 8 }, (_, n) => {
  const draw = random(n);
  const shown = 1 + (n % 2);
  const cells = new Float32Array(5 * 6 * 8);
  for (let i = 0; i < cells.length; i++) cells[i] = draw.uniform(0, 0.1);
  for (let i = 0; i < 30; i++) {
    const x = i % 6;
    if (x < 3) cells[i * 8 + 3 + shown]! += 1;
    else cells[i * 8 + 3]! += 1;
    if (x < 1) cells[i * 8 + shown]! += 1;
  }
  return { classes: [shown], features: { early: hostTensor(cells, [5, 6, 8]), late: hostTensor(cells, [5, 6, 8]) } };
});
const weights = hostTensor(
  Float32Array.from({ length: 16 }, (_, i) => (i === 1 || i === 10 ? 1 : -0.1)),
  [2, 8],
);
const settings = {
  ...SIPE_HEAD,
  tap: 'late',
  structure: 'early',
  prototype: ['early'],
  batchSize: 4,
  epochs: 10,
  consistencyWeight: 10,
  learningRate: 0.1,
} as const;

test('the classifier learns to see what the prototypes see, and a run can be repeated', async () => {
  const before = memory().numTensors;
  const learned = await trainSipeHead(photos, weights, settings, { seed: 1 });
  expect(memory().numTensors).toBe(before);
  const terms = learned.history.epochs.map((epoch) => epoch.terms.consistency!);
  expect(terms.at(-1)!).toBeLessThan(0.85 * terms[0]!);
  // Feature 4 is of the whole of class 1, of which feature 1 shows a part.
  expect(learned.weights.values[4]!).toBeGreaterThan(weights.values[4]!);
  const again = await trainSipeHead(photos, weights, settings, { seed: 1 });
  expect(again.weights.values).toEqual(learned.weights.values);
});

test('branches learn alone, and stand beside the taps', async () => {
  const sides = { early: { channels: 8, first: 'identity' }, late: { channels: 5, first: 'random' } } as const;
  const only = { ...settings, prototype: [], sides, classifier: false };
  const learned = await trainSipeHead(photos, weights, only, { seed: 1 });
  expect([...learned.weights.values]).toEqual([...weights.values]);
  expect(learned.sides.early!.values).not.toEqual(firstSide(8, sides.early, random(0)).values);
  const features = await withSides(() => photos[0]!.features, learned.sides)(hostTensor(new Uint8Array(3), [1, 1, 3]));
  expect(Object.keys(features)).toEqual(['early', 'late', sideName('early'), sideName('late')]);
  expect(features[sideName('late')]!.shape).toEqual([5, 6, 5]);
});
