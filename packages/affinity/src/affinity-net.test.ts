import { fill, memory, mul, ones, reshape, sum, type Tensor4D, tensor4d, valueAndGrad } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { affinityLabels } from './affinity-labels';
import { affinityLoss } from './affinity-loss';
import { AffinityNet } from './affinity-net';
import { affinityPairs } from './affinity-pairs';
import { pairAffinities } from './pair-affinities';
import { TINY_HEAD, tinyBackbone } from './tiny-backbone.fixture';

beforeAll(async () => void (await useBackend('cpu')));

const drawn = (shape: [number, number, number, number], seed = 1) => {
  const stream = random(seed);
  return tensor4d(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => stream.normal()),
    shape,
  );
};

describe('pairAffinities', () => {
  test.for(['official', 'full'] as const)('is exp(−mean |f_i − f_j|) of the pairs, border %s', async (border) => {
    const features = drawn([2, 5, 7, 3]);
    const values = await features.data();
    const affinity = await pairAffinities(features, { radius: 3, border }).array();
    const { from, to } = await affinityPairs(5, 7, 3, { border });
    const M = from.values.length;
    for (let n = 0; n < 2; n++) {
      for (const [k, j] of to.values.entries()) {
        const [one, other] = [(n * 35 + from.values[k % M]!) * 3, (n * 35 + j) * 3];
        const distance = [0, 1, 2].reduce((sum, c) => sum + Math.abs(values[one + c]! - values[other + c]!), 0) / 3;
        const got = (affinity as number[][][])[n]![Math.floor(k / M)]![k % M]!;
        expect(got).toBeCloseTo(j < 0 ? 0 : Math.exp(-distance), 6);
      }
    }
  });

  test.for(['official', 'full'] as const)('its gradient is that of small changes, border %s', async (border) => {
    const features = drawn([1, 4, 6, 2], 5);
    const [P, M] = pairAffinities(features, { radius: 3, border }).shape.slice(1) as [number, number];
    const weights = reshape(drawn([1, 1, P, M], 7), [1, P, M]);
    const f = (x: Tensor4D) => sum(mul(pairAffinities(x, { radius: 3, border }), weights));
    const { grad } = valueAndGrad((x) => f(x as Tensor4D))(features);
    const slopes = await grad.data();
    const values = await features.data();
    for (let i = 0; i < values.length; i += 5) {
      const at = async (change: number) =>
        (await f(tensor4d(values.map((v, k) => (k === i ? v + change : v)) as Float32Array, [1, 4, 6, 2])).data())[0]!;
      expect(slopes[i]).toBeCloseTo(((await at(1e-2)) - (await at(-1e-2))) / 2e-2, 2);
    }
  });

  test('takes one map, on the host too, and leaves nothing behind', () => {
    const before = memory().numTensors;
    const one = pairAffinities(hostTensor(new Float32Array(5 * 9 * 2), [5, 9, 2]));
    expect(one.shape).toEqual([34, 1]);
    expect(memory().numTensors).toBe(before + 1);
  });

  test('a map within the radius: an error, or with border full no pairs where there are none', async () => {
    expect(() => pairAffinities(ones([1, 3, 4, 2]))).toThrow(ShapeError);
    const affinity = await pairAffinities(ones([2, 2, 3]), { radius: 5, border: 'full' }).data();
    expect(affinity.filter((value) => value === 1).length).toBe(6);
    expect(affinity.filter((value) => value !== 0).length).toBe(6);
    expect(() => pairAffinities(ones([4, 4]) as never)).toThrow(/`features` of shape \[h, w, F\] or/);
    expect(() => pairAffinities(ones([4, 4, 2]), { radius: 1 })).toThrow(ValueError);
  });
});

describe('affinityLoss', () => {
  test('ignored throughout: loss 0, gradient 0, no NaN', async () => {
    const labels = await affinityLabels(hostTensor(new Uint8Array(8 * 12).fill(255), [8, 12]));
    const affinity = ones([34, 16]);
    const { value, grad } = valueAndGrad((x) => affinityLoss(x, labels).loss)(affinity);
    expect((await value.data())[0]).toBe(0);
    expect((await grad.data()).every((slope) => slope === 0)).toBe(true);
  });

  test('its terms can be differentiated alone, and nothing is left behind', async () => {
    const labels = await affinityLabels(
      hostTensor(
        Uint8Array.from({ length: 96 }, (_, i) => (i % 12 < 6 ? 0 : 2)),
        [8, 12],
      ),
    );
    const before = memory().numTensors;
    const affinity = fill([34, 16], 0.5);
    const terms = affinityLoss(affinity, labels);
    expect(memory().numTensors).toBe(before + 1 + 4);
    expect((await terms.negative.data())[0]).toBeCloseTo(Math.log(2), 4);
    const { grad } = valueAndGrad((x) => affinityLoss(x, labels).negative)(affinity);
    const pairs = labels.negative.values.reduce((a, b) => a + b, 0);
    const slopes = await grad.data();
    for (const [i, mask] of labels.negative.values.entries()) expect(slopes[i]).toBeCloseTo((mask * 2) / pairs, 4);
  });

  test('refuses labels of other pairs', async () => {
    const labels = await affinityLabels(hostTensor(new Uint8Array(96), [8, 12]));
    expect(() => affinityLoss(ones([34, 17]), labels)).toThrow(
      /`labels.backgroundPositive` of shape \[34, 17\], got \[34, 16\]/,
    );
    expect(() => affinityLoss(ones([34]) as never, labels)).toThrow(ShapeError);
    expect(() => affinityLoss(ones([34, 16]), {} as never)).toThrow(/no shape/);
  });
});

describe('AffinityNet', () => {
  test('has the parameters of the backbone and the head, and gives affinities of the cells of stride 8', async () => {
    const backbone = tinyBackbone();
    const network = AffinityNet(backbone, { head: TINY_HEAD });
    expect([...network.parameters.keys()]).toEqual([
      ...backbone.parameters.keys(),
      ...['side_one.weight', 'side_two.weight', 'side_three.weight', 'fuse.weight'],
    ]);
    const images = drawn([2, 61, 90, 3]);
    const before = memory().numTensors;
    const affinity = network.affinities(images);
    expect(memory().numTensors).toBe(before + 1);
    expect(affinity.shape).toEqual([2, 34, 4 * 4]);
    expect(network.forward(images).shape).toEqual([2, 8, 12, 12]);
    const values = await affinity.data();
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    network.dispose();
    expect(backbone.parameters.get('one.weight')!.isDisposed).toBe(false);
  });

  test('predict pads a photo to whole cells with the mean colour', async () => {
    const network = AffinityNet(tinyBackbone(), { head: TINY_HEAD });
    const stream = random(2);
    const photo = hostTensor(
      Uint8Array.from({ length: 61 * 83 * 3 }, () => stream.integer(0, 255)),
      [61, 83, 3],
    );
    const before = memory().numTensors;
    const affinity = await network.predict(photo);
    expect(memory().numTensors).toBe(before);
    expect(affinity.shape).toEqual([34, 4 * 3]);
    expect((await network.predict(photo, { radius: 3, border: 'full' })).shape).toEqual([12, 8 * 11]);
    await expect(network.predict(hostTensor(new Uint8Array(300), [10, 10, 3]))).rejects.toThrow(ShapeError);
  });

  test('refuses what does not fit', () => {
    const backbone = tinyBackbone();
    const make = (options: object) => () => AffinityNet(backbone, options as never);
    expect(make({ head: 'resnet38d' })).toThrow(
      /`head` to stand on taps of the backbone, got 'conv4'.\nThe backbone has one, two, three/,
    );
    expect(make({ head: 'resnet' })).toThrow(
      /`head` to be resnet38d, resnet38, vgg16, mobilenetV2, or an AffinityHead/,
    );
    expect(make({ head: TINY_HEAD, widths: [4, 4] })).toThrow(/3 or 4 whole numbers/);
    expect(make({ head: TINY_HEAD, groups: [2, 2, 2] })).toThrow(/without group norm/);
    expect(make({ head: 'vgg16', groups: [3, 16, 32] })).toThrow(/to divide the width 64/);
  });
});
