import {
  add,
  memory,
  mul,
  ones,
  reshape,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
  valueAndGrad,
  zeros,
} from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { affinityLabels } from './affinity-labels';
import { displacementLoss } from './displacement-loss';
import { irnLoss } from './irn-loss';
import { IrnNet } from './irn-net';
import { irnOffsets } from './kernels/path-offsets';
import { pathAffinities } from './path-affinities';
import { pathAffinity } from './path-affinity';
import { tinyBackbone } from './tiny-backbone.fixture';
import { trainIrn } from './train/train-irn';

beforeAll(async () => void (await useBackend('cpu')));

const drawn = (shape: [number, number, number, number], seed = 1) => {
  const stream = random(seed);
  return tensor4d(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => stream.next()),
    shape,
  );
};
const TAPS = ['one', 'one', 'two', 'three', 'three'];

/** The gradient against small changes, at every seventh value. */
async function checkGradient(f: (x: Tensor4D) => Tensor, x: Tensor4D, step: number, digits: number) {
  const { grad } = valueAndGrad((given) => f(given as Tensor4D))(x);
  const [slopes, values] = [await grad.data(), await x.data()];
  for (let i = 0; i < values.length; i += 7) {
    const at = async (change: number) =>
      (
        await f(
          tensor4d(
            Float32Array.from(values, (v, k) => (k === i ? v + change : v)),
            x.shape,
          ),
        ).data()
      )[0]!;
    expect(slopes[i]).toBeCloseTo(((await at(step)) - (await at(-step))) / (2 * step), digits);
  }
}

const labelsOf = async (radius: number) => {
  const map = hostTensor(
    Uint8Array.from({ length: 7 * 9 }, (_, i) => (i === 30 ? 255 : i % 9 < 4 ? 0 : i < 40 ? 1 : 2)),
    [7, 9],
  );
  const labels = await affinityLabels(map, { radius, order: 'irn' });
  const batched = ({ values, shape }: { values: Uint8Array; shape: readonly number[] }) =>
    hostTensor(values, [1, ...shape]);
  return {
    backgroundPositive: batched(labels.backgroundPositive),
    foregroundPositive: batched(labels.foregroundPositive),
    negative: batched(labels.negative),
  };
};

describe('pathAffinities', () => {
  test('are those of pathAffinity, within its padding', async () => {
    const edge = drawn([2, 6, 8, 1]);
    const values = await edge.data();
    const ours = await pathAffinities(edge, { radius: 3 }).data();
    for (const n of [0, 1]) {
      const padded = await pathAffinity(hostTensor(values.slice(n * 48, (n + 1) * 48) as Float32Array, [6, 8]), {
        radius: 3,
      });
      // Sources of the padded grid begin at column −1 of the map and have h + 1 rows and w + 2 columns.
      for (let p = 0; p < 12; p++) {
        for (let m = 0; m < 4 * 4; m++) {
          const [y, x] = [Math.floor(m / 4), (m % 4) + 2];
          expect(ours[(n * 12 + p) * 16 + m]).toBeCloseTo(padded.values[p * 70 + y * 10 + x + 1]!, 6);
        }
      }
    }
  });

  test('its gradient is that of small changes, and of equal cells the first on the way gets it', async () => {
    const weights = Float32Array.from({ length: 12 * 16 }, (_, i) => Math.sin(i));
    const f = (x: Tensor4D) => sum(mul(pathAffinities(x, { radius: 3 }), reshape(weights, [1, 12, 16])));
    await checkGradient(f, drawn([1, 6, 8, 1], 4), 1e-3, 1);
    const { grad } = valueAndGrad((x) => pathAffinities(x, { radius: 2 }))(ones([1, 2, 3, 1]));
    // One source, cell (0, 1), and four partners, each the first on its way.
    expect([...(await grad.data())]).toEqual([-0, -0, -1, -1, -1, -1].map((v) => v + 0));
  });

  test('refuses other shapes', () => {
    expect(() => pathAffinities(ones([4, 4, 2, 2]))).toThrow(ShapeError);
    expect(() => pathAffinities(ones([4, 4]))).toThrow(/to be at least \[10, 19\]/);
    expect(() => pathAffinities(ones([4, 4]), { radius: 1 })).toThrow(ValueError);
  });
});

describe('displacementLoss', () => {
  test('is 0 where all cells of an object point at one centre, and the background stands still', async () => {
    const labels = await labelsOf(3);
    const field = tensor4d(
      Float32Array.from({ length: 7 * 9 * 2 }, (_, i) => {
        const [y, x] = [Math.floor(i / 18), Math.floor(i / 2) % 9];
        return x < 4 ? 0.3 : i % 2 ? 6 - x : 3 - y;
      }),
      [1, 7, 9, 2],
    );
    const { foreground, background } = displacementLoss(field, labels, { radius: 3 });
    expect((await foreground.data())[0]).toBeCloseTo(0, 6);
    expect((await background.data())[0]).toBeCloseTo(0, 6);
    const still = displacementLoss(zeros([1, 7, 9, 2]), labels, { radius: 3 });
    // Then each pair is off by the way between its cells.
    const offsets = irnOffsets(3);
    let [sum, count] = [0, 0];
    for (const [i, mask] of labels.foregroundPositive.values.entries()) {
      const p = Math.floor(i / labels.foregroundPositive.shape[2]!);
      sum += mask * (Math.abs(offsets[2 * p]!) + Math.abs(offsets[2 * p + 1]!));
      count += 2 * mask;
    }
    expect((await still.foreground.data())[0]).toBeCloseTo(sum / count, 4);
  });

  test('its gradient is that of small changes', async () => {
    const labels = await labelsOf(3);
    const f = (x: Tensor4D) => {
      const { foreground, background } = displacementLoss(x, labels, { radius: 3 });
      return add(foreground, background);
    };
    await checkGradient(f, drawn([1, 7, 9, 2], 9), 2e-3, 2);
    expect(() => displacementLoss(zeros([1, 7, 9, 2]), labels, { radius: 4 })).toThrow(ShapeError);
  });
});

test('irnLoss is the sum of its terms, and leaves nothing behind', async () => {
  const labels = await labelsOf(3);
  const [edge, displacement] = [drawn([1, 7, 9, 1]), drawn([1, 7, 9, 2])];
  const before = memory().numTensors;
  const loss = irnLoss({ edge, displacement }, labels, { radius: 3 });
  expect(memory().numTensors).toBe(before + 4);
  const [all, a, f, b] = await Promise.all(
    [loss.loss, loss.affinity, loss.displacementForeground, loss.displacementBackground].map(
      async (t) => (await t.data())[0]!,
    ),
  );
  expect(all).toBeCloseTo(a! + (f! + b!) / 2, 5);
  await checkGradient((x) => irnLoss({ edge: x, displacement }, labels, { radius: 3 }).loss, edge, 1e-3, 1);
});

describe('IrnNet', () => {
  beforeAll(async () => void (await useBackend('wasm')));

  test('has the official names, and gives the cells of the second tap', async () => {
    const network = IrnNet(tinyBackbone(), { taps: TAPS });
    expect(network.parameters.get('fc_edge6.bias')!.shape).toEqual([1]);
    expect(network.parameters.get('fc_dp7.3.weight')!.shape).toEqual([1, 1, 256, 2]);
    expect(network.branches.edge.size + network.branches.displacement.size + 4).toBe(network.parameters.size);
    const images = zeros([1, 36, 44, 3]) as Tensor4D;
    const before = memory().numTensors;
    const { edge, displacement } = network.forward(images);
    expect(memory().numTensors).toBe(before + 2);
    expect([edge.shape, displacement.shape]).toEqual([
      [1, 9, 11, 1],
      [1, 9, 11, 2],
    ]);
    expect(() => IrnNet(tinyBackbone())).toThrow(/`taps` to be taps of the backbone, got 'maxpool'/);
  });

  test('boundaries of a photo and of its mirror image are mirror images', async () => {
    const network = IrnNet(tinyBackbone(), { taps: TAPS });
    const stream = random(8);
    const photo = hostTensor(
      Uint8Array.from({ length: 32 * 64 * 3 }, () => stream.integer(0, 255)),
      [32, 64, 3],
    );
    const mirrored = hostTensor(
      photo.values.map(
        (_, i) => photo.values[(Math.floor(i / 192) * 64 + 63 - (Math.floor(i / 3) % 64)) * 3 + (i % 3)]!,
      ),
      [32, 64, 3],
    );
    const [one, two] = [
      await network.boundaries(photo, { side: 32 }),
      await network.boundaries(mirrored, { side: 32 }),
    ];
    expect(one.shape).toEqual([8, 16]);
    for (const [i, value] of one.values.entries()) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(two.values[Math.floor(i / 16) * 16 + 15 - (i % 16)]).toBeCloseTo(value, 5);
    }
    expect((await network.boundaries(photo, { side: 70 })).shape).toEqual([8, 16]);
  });

  test('learns, and stores the mean displacement', async () => {
    const network = IrnNet(tinyBackbone(), { taps: TAPS });
    const photos = [20, 36].map((border) => {
      const labels = Uint8Array.from({ length: 48 * 64 }, (_, i) => (i % 64 < border ? 0 : 1));
      const image = new Uint8Array(48 * 64 * 3);
      for (const [i, label] of labels.entries()) image.fill(label ? 220 : 30, 3 * i, 3 * i + 3);
      return { image: hostTensor(image, [48, 64, 3]), labels: hostTensor(labels, [48, 64]) };
    });
    const { epochs } = await trainIrn(network, {
      items: photos,
      load: (photo) => photo,
      augmentation: { flip: 0.5, crop: 32 },
      batchSize: 2,
      epochs: 16,
      radius: 3,
      momentum: 0.9,
      learningRate: 0.03,
    });
    expect(epochs.at(-1)!.loss).toBeLessThan(0.8 * epochs[0]!.loss);
    expect(Math.max(...(await network.parameters.get('fc_dp7.4.running_mean')!.data()).map(Math.abs))).toBeGreaterThan(
      0,
    );
    await expect(trainIrn(network, { items: photos, load: 1 as never, batchSize: 2 })).rejects.toThrow(ValueError);
  });
});
