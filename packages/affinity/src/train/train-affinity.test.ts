import { Buffer } from 'node:buffer';
import { useBackend } from '@wsss/backend';
import { hostTensor, random, type TensorLike, ValueError } from '@wsss/core';
import { adamW, type CheckpointStore } from '@wsss/train';
import { beforeAll, expect, test } from 'vitest';
import { AffinityNet } from '../affinity-net';
import { TINY_HEAD, tinyBackbone } from '../tiny-backbone.fixture';
import { trainAffinity } from './train-affinity';
import { headTaps, trainAffinityHead } from './train-affinity-head';

beforeAll(async () => void (await useBackend('wasm')));

/** Photos of two colours, the border at a column of its own, with their labels. */
const photos = Array.from({ length: 6 }, (_, n) => {
  const stream = random(n);
  const border = 24 + 8 * n;
  const labels = Uint8Array.from({ length: 72 * 104 }, (_, i) => (i % 104 < border ? 0 : 1));
  const values = new Uint8Array(72 * 104 * 3);
  for (let i = 0; i < labels.length; i++) values.set(labels[i] ? [200, 40, 40] : [40, 90, 200], 3 * i);
  for (let i = 0; i < values.length; i++) values[i]! += stream.integer(0, 20);
  return { image: hostTensor(values, [72, 104, 3]), labels: hostTensor(labels, [72, 104]) };
});
const augmentation = { flip: 0.5, crop: 80, padding: 'black' } as const;

const network = () => AffinityNet(tinyBackbone(), { head: TINY_HEAD, seed: 2 });

test('learns which cells are alike, from labels, and leaves frozen layers alone', async () => {
  const trained = network();
  const before = trained.parameters.get('side_two.weight')!.dataSync().slice();
  const { epochs } = await trainAffinity(trained, {
    items: photos,
    load: (photo) => photo,
    augmentation,
    batchSize: 2,
    epochs: 8,
    optimizer: adamW({ parameters: trained.parameters, learningRate: 0.01 }),
  });
  expect(epochs.at(-1)!.loss).toBeLessThan(0.5 * epochs[0]!.loss);
  expect(Object.keys(epochs[0]!.terms)).toEqual(['background', 'foreground', 'negative']);
  expect(trained.parameters.get('side_two.weight')!.dataSync()).not.toEqual(before);
});

test('learns from low and high scores; a run that was stopped goes on as if it had not been', async () => {
  const scored = photos.map(({ image, labels }) => {
    const scores = hostTensor(
      Float32Array.from({ length: 72 * 104 * 2 }, (_, i) => ((labels.values[i >> 1] ?? 0) === (i & 1) ? 0.9 : 0.1)),
      [72, 104, 2],
    );
    return { image, low: scores, high: scores };
  });
  const options = { augmentation, batchSize: 2, epochs: 2, learningRate: 0.02, seed: 5 };
  const undisturbed = network();
  const given = { ...options, items: scored, load: <T>(photo: T) => photo };
  const one = await trainAffinity(undisturbed, given);
  expect(one.losses.at(-1)).toBeGreaterThan(0);

  const resumed = network();
  const store = memoryStore();
  const stop = new AbortController();
  const how = { ...given, checkpoint: { store, every: 1 } };
  await expect(
    trainAffinity(resumed, { ...how, signal: stop.signal, onProgress: ({ step }) => step === 3 && stop.abort() }),
  ).rejects.toThrow();
  const again = network();
  expect((await trainAffinity(again, how)).losses).toEqual(one.losses);
  for (const [name, parameter] of again.parameters) {
    expect(await parameter.data()).toEqual(await undisturbed.parameters.get(name)!.data());
  }
});

test('a batch that is ignored throughout has loss 0', async () => {
  const { losses } = await trainAffinity(network(), {
    items: photos,
    load: ({ image }) => ({ image, labels: hostTensor(new Uint8Array(72 * 104).fill(255), [72, 104]) }),
    augmentation,
    batchSize: 3,
    epochs: 1,
  });
  expect(losses).toEqual([0, 0]);
});

test('the head alone learns from taps of whole photos', async () => {
  const trained = network();
  const cells = photos.map(({ labels }) => {
    return hostTensor(
      Uint8Array.from({ length: 9 * 13 }, (_, i) => labels.values[Math.floor(i / 13) * 8 * 104 + (i % 13) * 8 + 4]!),
      [9, 13],
    );
  });
  const taps = await Promise.all(photos.map(({ image }) => headTaps(trained, image)));
  expect(taps[0]!.one!.shape).toEqual([9, 13, 6]);
  expect(taps[0]!.three!.shape).toEqual([5, 7, 10]);
  const backbone = await trained.backbone.parameters.get('two.weight')!.data();
  const { epochs } = await trainAffinityHead(trained, {
    items: photos.map((_, i) => i),
    load: (i) => ({ taps: taps[i]!, labels: cells[i]! }),
    crop: 10,
    flip: 0,
    batchSize: 3,
    epochs: 30,
    learningRate: 0.02,
  });
  expect(epochs.at(-1)!.loss).toBeLessThan(0.5 * epochs[0]!.loss);
  expect(await trained.backbone.parameters.get('two.weight')!.data()).toEqual(backbone);
});

test('wrong options are named', async () => {
  const load = (photo: { image: TensorLike; labels: TensorLike }) => photo;
  const train = (change: object) =>
    trainAffinity(network(), { items: photos, load, augmentation, batchSize: 2, ...change });
  await expect(train({ load: 3 })).rejects.toThrow(/`load` to be a function/);
  await expect(train({ epochs: 0 })).rejects.toThrow(ValueError);
  await expect(train({ batchSize: 7 })).rejects.toThrow(/to fill a batch of 7/);
  await expect(train({ augmentation: { crop: 16 } })).rejects.toThrow(/`labels` to be at least \[5, 9\]/);
  const head = (change: object) =>
    trainAffinityHead(network(), {
      items: [0, 1],
      load: async () => ({ taps: await headTaps(network(), photos[0]!.image), labels: photos[0]!.labels }),
      batchSize: 1,
      ...change,
    });
  await expect(head({ crop: 11 })).rejects.toThrow(/`crop` to be a multiple of 2 cells/);
  await expect(head({ flip: 2 })).rejects.toThrow(ValueError);
  await expect(head({})).rejects.toThrow(/`taps\['one'\]` of shape \[72, 104, F\], got \[9, 13, 6\]/);
});

function memoryStore(): CheckpointStore {
  let bytes: Uint8Array | undefined;
  return {
    read: async () => bytes,
    write: async (chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk.slice());
      bytes = new Uint8Array(Buffer.concat(parts));
    },
  } as CheckpointStore;
}
