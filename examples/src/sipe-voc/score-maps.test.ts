import { type FeatureFunction, hostTensor } from '@wsss/core';
import type { ConfusionMatrix } from '@wsss/metrics';
import { expect, test } from 'vitest';
import type { Split } from '../voc/open-split';
import { type MapVariant, scoreMaps } from './score-maps';

// Photos of 4 × 8 cells of 2 × 2 pixels; what is seen are their colours, and the classifier sees red in its upper half only.
const features: FeatureFunction = async (image) => {
  const [h, w] = [image.shape[0]! / 2, image.shape[1]! / 2];
  const bytes = await image.data();
  const cells = new Float32Array(h * w * 3);
  for (let i = 0; i < h * w; i++) {
    const at = (2 * Math.floor(i / w) * image.shape[1]! + 2 * (i % w)) * 3;
    const red = Number(bytes[at]) > 128;
    cells.set([red ? 1 : 0, red ? 0 : 1, red && i < (h * w) / 2 ? 1 : 0], i * 3);
  }
  return { seen: hostTensor(cells, [h, w, 3]) };
};

const image = hostTensor(new Uint8Array(8 * 16 * 3), [8, 16, 3]);
const truth = hostTensor(new Uint8Array(8 * 16), [8, 16]);
for (let i = 0; i < 8 * 16; i++) {
  if (i % 16 >= 6) continue;
  image.values[3 * i] = 255;
  truth.values[i] = 1;
}
const split: Split = {
  name: 'drawn',
  ids: ['red', 'none'],
  get: async (id) =>
    id === 'red'
      ? { id, image, classes: [1], truth }
      : { id, image, classes: [], truth: hostTensor(new Uint8Array(8 * 16), [8, 16]) },
};

const variant: MapVariant = {
  tap: 'seen',
  weights: hostTensor(Float32Array.of(0, 0, 1), [1, 3]),
  sides: {},
  structure: ['seen'],
  prototype: ['seen'],
  scales: [1],
  factors: [0.9, 1000],
};

test('each variant is scored with each factor, on features that were seen once', async () => {
  let looks = 0;
  const counted: FeatureFunction = (seen) => {
    looks++;
    return features(seen);
  };
  const [found] = await scoreMaps('drawn', counted, split, [variant]);
  const [fair, drowned] = found as [ConfusionMatrix, ConfusionMatrix];
  // The photo and its mirror image; one without a class is not looked at.
  expect(looks).toBe(2);
  expect(iouOf(fair)).toBeGreaterThan(0.8);
  // A background that always wins.
  expect(iouOf(drowned)).toBe(0);
  const alone = await scoreMaps('drawn', features, split, [
    { ...variant, factors: [1000] },
    { ...variant, factors: [0.9] },
  ]);
  expect(alone.map(([matrix]) => matrix!.toJSON())).toEqual([drowned.toJSON(), fair.toJSON()]);
});

const iouOf = (matrix: ConfusionMatrix) => matrix.iou()[1];
