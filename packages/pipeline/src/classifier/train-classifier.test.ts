import { avgPool, memory, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { type HostTensor, hostTensor, random } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import type { Dataset } from '@wsss/datasets';
import { beforeAll, expect, test } from 'vitest';
import { pseudoLabel } from '../pseudo-label';
import { trainClassifier } from './train-classifier';

beforeAll(() => useBackend('wasm'));

const classes = ['red', 'green', 'blue'];

/** Mean colours of 8 × 8 pixels, once as they are and once more. */
const backbone: Backbone = {
  taps: { colours: { stride: 8, channels: 3 }, more: { stride: 8, channels: 3 } },
  classifierTap: 'colours',
  parameters: new Map(),
  preprocess: { order: 'rgb', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
  forward: (images, { taps = ['colours'] } = {}) =>
    tidy(() => {
      const pooled: Tensor4D = avgPool(images, 8, 8, 'same');
      return Object.fromEntries(taps.map((tap) => [tap, pooled]));
    }),
  dispose() {},
};

/** Grey photos with a square in the colour of each of their labels. */
function squares(labels: readonly (readonly string[])[]): Dataset {
  const ids = labels.map((_, i) => `${i}`);
  const draw = (i: number): HostTensor<Uint8Array> => {
    const stream = random(i);
    const values = Uint8Array.from({ length: 48 * 64 * 3 }, () => stream.integer(60, 90));
    for (const [n, name] of labels[i]!.entries()) {
      for (let y = 8; y < 32; y++) {
        for (let x = 4 + 30 * n; x < 28 + 30 * n; x++) {
          for (let c = 0; c < 3; c++) values[(y * 64 + x) * 3 + c] = classes[c] === name ? 240 : 10;
        }
      }
    }
    return hostTensor(values, [48, 64, 3]);
  };
  const get = async (id: string) => ({ id, image: draw(Number(id)), labels: [...labels[Number(id)]!] });
  return {
    length: ids.length,
    ids,
    classes,
    get,
    labels: async (id) => [...labels[Number(id)]!],
    async *[Symbol.asyncIterator]() {
      for (const id of ids) yield await get(id);
    },
  };
}
const photos = squares([['red'], ['green'], ['blue'], [], ['red', 'blue'], ['green', 'red'], ['blue', 'green'], []]);
const quick = { passes: 2, augmentation: { flip: 0.5 }, epochs: 40, batchSize: 8, learningRate: 2 };

test('learns from labels what looks like what, and makes maps of it', async () => {
  const before = memory().numTensors;
  const steps: string[] = [];
  const classifier = await trainClassifier(backbone, photos, {
    ...quick,
    taps: ['more'],
    onProgress: ({ step, steps: all }) => steps.push(`${step}/${all}`),
  });
  expect(memory().numTensors).toBe(before);
  expect(steps).toHaveLength(16);
  expect(steps.at(-1)).toBe('16/16');
  expect(classifier.weights.shape).toEqual([3, 3]);
  for (let c = 0; c < 3; c++) {
    const row = [...classifier.weights.values.slice(3 * c, 3 * c + 3)];
    expect(row.indexOf(Math.max(...row))).toBe(c);
  }
  const { epochs } = classifier.history;
  expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);

  const { image } = await photos.get('4');
  expect(Object.keys(await classifier.features(image)).sort()).toEqual(['colours', 'more']);
  const { mask } = await pseudoLabel(image, [1, 3], { classifier, scales: [1], background: { threshold: 0.4 } });
  expect([mask.values[20 * 64 + 16], mask.values[20 * 64 + 46], mask.values[40 * 64 + 32]]).toEqual([1, 3, 0]);
});

test('is the same for the same seed, and another for another', async () => {
  const weights = async (seed: number) => {
    const { weights } = await trainClassifier(backbone, photos, { ...quick, epochs: 2, seed });
    return [...weights.values];
  };
  expect(await weights(3)).toEqual(await weights(3));
  expect(await weights(3)).not.toEqual(await weights(4));
});

test('says what is missing', async () => {
  const train = (given: Dataset, options: object = {}) => trainClassifier(backbone, given, options);
  await expect(train(squares([]))).rejects.toThrow(/trainClassifier: expected `photos` to hold at least one/);
  await expect(train(squares([[], []]), quick)).rejects.toThrow(/`photos` to have labels, got '2 photos without any'/);
  await expect(train(photos, { taps: ['deep'] })).rejects.toThrow(/deep/);
  await expect(train(photos, { epochs: 0 })).rejects.toThrow(/`epochs` to be a whole number ≥ 1/);
  await expect(train(photos, { epoch: 3 })).rejects.toThrow(/`options` to be among passes/);
});
