import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, ShapeError, ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { difference, noise } from './scene.fixture';
import { structureMap } from './structure-map';
import { structureSeeds } from './structure-seeds';
import * as tensors from './tensor/index';

beforeAll(async () => {
  await setBackend('cpu');
});

/** The definition, from the structure map itself. */
async function defined(
  features: ReturnType<typeof noise>,
  cam: ReturnType<typeof noise>,
  overlap: 'product' | 'minimum',
  factor: number,
) {
  const { values: S } = await structureMap(features);
  const K = cam.shape[2]!;
  const N = cam.values.length / K;
  const iou = new Float64Array(N * K);
  for (let i = 0; i < N; i++) {
    for (let k = 0; k < K; k++) {
      let [both, either] = [0, 0];
      for (let j = 0; j < N; j++) {
        const [s, m] = [S[i * N + j]!, cam.values[j * K + k]!];
        const common = overlap === 'product' ? s * m : Math.min(s, m);
        both += common;
        either += s + m - common;
      }
      iou[i * K + k] = (both / either) * (k === 0 ? factor : 1);
    }
  }
  return iou;
}

describe.for([
  // More than a block of 64 cells, an odd number of features, more than a chunk of 256, more than 24 channels.
  { h: 9, w: 10, F: 7, K: 3, low: -1 },
  { h: 9, w: 10, F: 7, K: 3, low: 0 },
  { h: 5, w: 3, F: 301, K: 30, low: -1 },
  { h: 5, w: 3, F: 301, K: 30, low: 0 },
  { h: 1, w: 1, F: 1, K: 1, low: -1 },
])('$h × $w cells, $F features from $low, $K channels', ({ h, w, F, K, low }) => {
  const features = noise([h, w, F], 1, [low, 1]);
  const cam = noise([h, w, K], 2, [0, 1]);
  for (const overlap of ['product', 'minimum'] as const) {
    test(`${overlap}: both engines and the tensor form are as defined`, async () => {
      const expected = await defined(features, cam, overlap, 0.7);
      const options = { overlap, backgroundFactor: 0.7 };
      for (const engine of ['wasm', 'plain'] as const) {
        const { iou, seeds } = await structureSeeds(features, cam, { ...options, engine });
        expect(difference(iou.values, expected)).toBeLessThan(1e-6);
        const first = Array.from(
          seeds.values,
          (seed, i) => expected[i * K + seed]! - Math.max(...expected.slice(i * K, (i + 1) * K)),
        );
        expect(Math.min(...first)).toBeGreaterThan(-1e-6);
      }
      const before = memory().numTensors;
      const found = tensors.structureSeeds(features, cam, options);
      expect(memory().numTensors).toBe(before + 2);
      expect(found.seeds.shape).toEqual([h, w]);
      expect(difference(await found.iou.data(), expected)).toBeLessThan(1e-6);
      found.seeds.dispose();
      found.iou.dispose();
    });
  }
});

test('ties go to the lowest channel, and what does not take part never wins', async () => {
  const features = hostTensor(Float32Array.of(1, 1), [1, 2, 1]);
  const cam = hostTensor(Float32Array.of(0.5, 0.5, 0.5, 0.9, 0.5, 0.5, 0.5, 0.9), [1, 2, 4]);
  const seedsOf = async (options: { backgroundFactor?: number; classes?: number[]; mask?: HostTensor }) => {
    const [host, tensor] = [
      await structureSeeds(features, cam, options),
      tensors.structureSeeds(features, cam, options),
    ];
    expect([...(await tensor.seeds.data())]).toEqual([...host.seeds.values]);
    return [...host.seeds.values];
  };
  expect(await seedsOf({ backgroundFactor: 1 })).toEqual([3, 3]);
  expect(await seedsOf({ backgroundFactor: 1, classes: [1, 2] })).toEqual([0, 0]);
  expect(await seedsOf({ backgroundFactor: 0.5, classes: [1, 2] })).toEqual([1, 1]);
  expect(await seedsOf({ classes: [2] })).toEqual([2, 2]);
  expect(await seedsOf({ classes: [] })).toEqual([0, 0]);
  // The mask acts after the argmax: what a masked channel wins seeds nothing.
  const mask = hostTensor(Float32Array.of(1, 1, 1, 0, 1, 1, 1, 1), [1, 2, 4]);
  expect(await seedsOf({ mask })).toEqual([255, 3]);
});

test('without an activation, or without features, everything is background and nothing NaN', async () => {
  const features = hostTensor(Float32Array.of(1, 0, 0, 0, 0, 1), [1, 3, 2]);
  const zero = await structureSeeds(features, hostTensor(Float32Array.of(1, 0, 1, 0, 1, 0), [1, 3, 2]));
  expect([...zero.seeds.values]).toEqual([0, 0, 0]);
  const nothing = hostTensor(new Float32Array(6), [1, 3, 2]);
  for (const engine of ['wasm', 'plain'] as const) {
    const { iou, seeds } = await structureSeeds(nothing, nothing, { engine });
    expect([...iou.values]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...seeds.values]).toEqual([0, 0, 0]);
  }
  expect([...(await tensors.structureSeeds(nothing, nothing).iou.data())]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('a batch is its images, each with its own classes', async () => {
  const [features, cam] = [noise([3, 4, 5, 6], 3), noise([3, 4, 5, 7], 4, [0, 1])];
  const classes = [[1, 4], [], [2, 3, 6]];
  const found = tensors.structureSeeds(features, cam, { classes });
  const seeds = await found.seeds.data();
  for (const [i, own] of classes.entries()) {
    const part = (x: typeof cam) =>
      hostTensor(x.values.slice((i * x.values.length) / 3, ((i + 1) * x.values.length) / 3), x.shape.slice(1));
    const alone = await structureSeeds(part(features), part(cam), { classes: own });
    expect([...seeds.slice(i * 20, (i + 1) * 20)]).toEqual([...alone.seeds.values]);
  }
  expect(() => tensors.structureSeeds(features, cam, { classes: [[1], [2]] })).toThrow(/one for each of 3 images/);
});

test('refuses what it cannot compute with, by name', async () => {
  const [features, cam] = [noise([2, 2, 3], 1), noise([2, 2, 3], 2, [0, 1])];
  const spoilt = (at: number, value: number) =>
    hostTensor(
      Float32Array.from(features.values, (v, i) => (i === at ? value : v)),
      features.shape,
    );
  await expect(structureSeeds(spoilt(3, Number.NaN), cam)).rejects.toThrow(/structureSeeds: expected `features`.*NaN/);
  await expect(structureSeeds(spoilt(3, Number.POSITIVE_INFINITY), cam)).rejects.toThrow(ValueError);
  await expect(structureSeeds(features, noise([2, 2, 3], 1))).rejects.toThrow(/expected `cam` not to be negative/);
  await expect(structureSeeds(features, noise([2, 3, 3], 2, [0, 1]))).rejects.toThrow(ShapeError);
  await expect(structureSeeds(features, cam, { mask: noise([2, 2, 2], 1) })).rejects.toThrow(/`mask`/);
  await expect(structureSeeds(features, cam, { classes: [3] })).rejects.toThrow(/class indices 1..2/);
  await expect(structureSeeds(features, cam, { classes: [1, 1] })).rejects.toThrow(/classes/);
  await expect(structureSeeds(features, cam, { backgroundFactor: 0 })).rejects.toThrow(/backgroundFactor/);
  await expect(structureSeeds(features, cam, { overlap: 'max' as 'product' })).rejects.toThrow(/overlap/);
  await expect(structureSeeds(features, cam, { engine: 'gpu' as 'wasm' })).rejects.toThrow(/engine/);
  await expect(structureSeeds(noise([0, 2, 3], 1), cam)).rejects.toThrow(/to have cells/);
  expect(() => tensors.structureSeeds(features, noise([2, 3, 3], 2))).toThrow(ShapeError);
});
