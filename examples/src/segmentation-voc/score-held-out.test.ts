import { concat, mul, slice, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { hostTensor, IMAGENET_PREPROCESS } from '@wsss/core';
import { type Backbone, resizeBilinear } from '@wsss/core/tensor';
import type { SegmentationNetwork } from '@wsss/segmentation';
import { expect, test } from 'vitest';
import type { Split } from '../voc/open-split';
import { scoreHeldOut } from './score-held-out';

/** Takes what is red for a cat, the first class, and the rest for background. */
const forward = (images: Tensor4D) => {
  const red = mul(slice(images, [0, 0, 0, 0], [-1, -1, -1, 1]), 10) as Tensor4D;
  const [n, h, w] = images.shape;
  return concat([mul(red, -1), red, zeros([n, h, w, 5])], 3) as Tensor4D;
};
const network: SegmentationNetwork = {
  ...{ name: 'reds', classes: 7, backbone: {} as Backbone, taps: [], alignCorners: false },
  ...{ parameters: new Map(), newParameters: new Set<string>(), preprocess: IMAGENET_PREPROCESS },
  head: () => {
    throw new Error('has no head');
  },
  forward,
  logits: (images) => resizeBilinear(forward(images), [images.shape[1], images.shape[2]]),
  probabilities: forward,
  dispose: () => {},
};

test('told the labels, what it takes for a cat is the cow that is in the photo', async () => {
  await useBackend('wasm');
  const [h, w] = [8, 12];
  const right = (i: number) => i % w >= w / 2;
  const pixels = (value: (i: number) => number) => Uint8Array.from({ length: h * w }, (_, i) => value(i));
  const truth = hostTensor(
    pixels((i) => (right(i) ? 2 : 0)),
    [h, w],
  );
  const image = hostTensor(
    Uint8Array.from({ length: h * w * 3 }, (_, i) => (right(Math.floor(i / 3)) && i % 3 === 0 ? 255 : 0)),
    [h, w, 3],
  );
  const photos: Split = { name: 'train', ids: ['cow'], get: async (id) => ({ id, image, classes: [2], truth }) };
  // Of background, cat and cow; the others are nowhere.
  expect(await scoreHeldOut(network, photos, [[1], [1, 2]])).toEqual([
    { alone: 1 / 3, told: 1 },
    { alone: 1 / 3, told: 1 },
  ]);
});
