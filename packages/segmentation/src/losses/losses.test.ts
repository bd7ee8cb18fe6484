import { memory, type Scalar, type Tensor4D, tensor, tensor4d, valueAndGrad } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { type HostTensor, hostTensor, IGNORE, random, ShapeError, ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { balancedSeedLoss } from './balanced-seed-loss';
import { bootstrappedCrossEntropy } from './bootstrapped-cross-entropy';
import { crossEntropy } from './cross-entropy';
import { diceLoss } from './dice-loss';
import { generalisedCrossEntropy } from './generalised-cross-entropy';
import { ohemCrossEntropy } from './ohem-cross-entropy';

beforeAll(async () => void (await useBackend('cpu')));

type Rows = readonly (readonly number[])[];
type Loss = (logits: Tensor4D | HostTensor, labels: HostTensor<Uint8Array> | ReturnType<typeof tensor>) => Scalar;

const [N, H, W, K] = [2, 3, 4, 3];
const shape = [N, H, W, K] as [number, number, number, number];
const stream = random(5);
const scores = Float32Array.from({ length: N * H * W * K }, () => 1.5 * stream.normal());
// Of the first image half, of the second all but two pixels; each class somewhere.
const classes = Uint8Array.from({ length: N * H * W }, (_, i) => ((i < 12 ? i % 2 : i % 7 === 0) ? IGNORE : i % K));
const labels = hostTensor(classes, [N, H, W]);

/** In double precision, from the definitions: rows of probabilities, and what each loss makes of them. */
const softmax = (row: readonly number[]) => {
  const powers = row.map((x) => Math.exp(x - Math.max(...row)));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((p) => p / total);
};
const rowsOf = (values: ArrayLike<number>): Rows =>
  Array.from({ length: values.length / K }, (_, i) => softmax([0, 1, 2].map((k) => values[i * K + k]!)));
const labelled = [...classes.keys()].filter((i) => classes[i] !== IGNORE);
const average = (values: number[]) => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
const likely = (p: readonly number[]) => p.indexOf(Math.max(...p));

const LOSSES: Record<string, { loss: Loss; expected: (p: Rows) => number }> = {
  'cross-entropy': {
    loss: crossEntropy,
    expected: (p) => average(labelled.map((i) => -Math.log(p[i]![classes[i]!]!))),
  },
  'bootstrapped, hard': {
    loss: (x, y) => bootstrappedCrossEntropy(x, y),
    expected: (p) =>
      average(labelled.map((i) => -0.8 * Math.log(p[i]![classes[i]!]!) - 0.2 * Math.log(p[i]![likely(p[i]!)]!))),
  },
  'bootstrapped, soft': {
    loss: (x, y) => bootstrappedCrossEntropy(x, y, { mode: 'soft', beta: 0.7 }),
    expected: (p) =>
      average(
        labelled.map(
          (i) => -0.7 * Math.log(p[i]![classes[i]!]!) - 0.3 * p[i]!.reduce((sum, q) => sum + q * Math.log(q), 0),
        ),
      ),
  },
  generalised: {
    loss: (x, y) => generalisedCrossEntropy(x, y),
    expected: (p) => average(labelled.map((i) => (1 - p[i]![classes[i]!]! ** 0.7) / 0.7)),
  },
  'balanced seeds': {
    loss: balancedSeedLoss,
    expected: (p) =>
      average(
        [0, 1].map((n) => {
          const own = labelled.filter((i) => Math.floor(i / (H * W)) === n);
          const cost = (part: number[]) => average(part.map((i) => -Math.log(p[i]![classes[i]!]!)));
          return cost(own.filter((i) => classes[i] === 0)) + cost(own.filter((i) => classes[i] !== 0));
        }),
      ),
  },
  dice: {
    loss: (x, y) => diceLoss(x, y),
    expected: (p) =>
      average(
        [0, 1, 2].map((k) => {
          const own = labelled.filter((i) => classes[i] === k);
          const common = own.reduce((sum, i) => sum + p[i]![k]!, 0);
          const all = labelled.reduce((sum, i) => sum + p[i]![k]!, 0) + own.length;
          return 1 - (2 * common + 1) / (all + 1);
        }),
      ),
  },
  'hard pixels': {
    loss: (x, y) => ohemCrossEntropy(x, y, { threshold: 0.2, minKept: 6 }),
    expected: (p) => {
      const all = labelled.map((i) => p[i]![classes[i]!]!).sort((a, b) => a - b);
      const bar = Math.max(0.2, all[5]!);
      return average(all.filter((q) => q <= bar).map((q) => -Math.log(q)));
    },
  },
};

describe.for(Object.entries(LOSSES))('%s', ([, { loss, expected }]) => {
  test('its value is that of its formula', async () => {
    expect((await loss(tensor4d(scores, shape), labels).data())[0]).toBeCloseTo(expected(rowsOf(scores)), 5);
  });

  test('its gradient is the slope of the formula', async () => {
    const { grad } = valueAndGrad((x) => loss(x as Tensor4D, labels))(tensor4d(scores, shape));
    const slopes = await grad.data();
    for (let i = 0; i < scores.length; i++) {
      const at = (change: number) => expected(rowsOf(Float64Array.from(scores, (v, k) => (k === i ? v + change : v))));
      expect(slopes[i]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 5);
    }
  });

  test('a batch without labels costs 0 and teaches nothing', async () => {
    const none = hostTensor(new Uint8Array(N * H * W).fill(IGNORE), [N, H, W]);
    const { value, grad } = valueAndGrad((x) => loss(x as Tensor4D, none))(tensor4d(scores, shape));
    expect((await value.data())[0]).toBe(0);
    expect((await grad.data()).every((slope) => slope === 0)).toBe(true);
  });

  test('extreme scores stay finite', async () => {
    const extreme = Float32Array.from(scores, (_, i) => [1e4, -1e4, 0][(i + (i % 5)) % 3]!);
    const { value, grad } = valueAndGrad((x) => loss(x as Tensor4D, labels))(tensor4d(extreme, shape));
    expect(Number.isFinite((await value.data())[0])).toBe(true);
    expect((await grad.data()).every(Number.isFinite)).toBe(true);
  });

  test('takes labels on the device and scores on the host, and leaves one tensor', async () => {
    const device = tensor(Int32Array.from(classes), [N, H, W], 'int32');
    const before = memory().numTensors;
    const one = loss(hostTensor(scores, shape), device);
    expect(memory().numTensors).toBe(before + 1);
    expect((await one.data())[0]).toBeCloseTo(expected(rowsOf(scores)), 5);
  });

  test('refuses labels of other pixels and of no class', () => {
    const x = tensor4d(scores, shape);
    expect(() => loss(x, hostTensor(new Uint8Array(N * H), [N, H, 1]))).toThrow(ShapeError);
    expect(() =>
      loss(
        x,
        hostTensor(
          classes.map(() => K),
          [N, H, W],
        ),
      ),
    ).toThrow(ValueError);
    expect(() => loss(x, tensor(Float32Array.from(classes), [N, H, W]))).toThrow('int32');
  });
});

test('settings out of range', () => {
  const x = tensor4d(scores, shape);
  expect(() => generalisedCrossEntropy(x, labels, { q: 0 })).toThrow(ValueError);
  expect(() => bootstrappedCrossEntropy(x, labels, { beta: 2 })).toThrow(ValueError);
  expect(() => diceLoss(x, labels, { smooth: -1 })).toThrow(ValueError);
  expect(() => ohemCrossEntropy(x, labels, { threshold: 2 })).toThrow(ValueError);
  expect(() => ohemCrossEntropy(x, labels, { minKept: 0.5 })).toThrow(ValueError);
});
