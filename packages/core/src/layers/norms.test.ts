import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend, type Tensor, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../errors';
import { random } from '../random';
import { type HostTensor, hostTensor } from '../tensor-like';
import { batchNorm, trainedBatchNorm } from './batch-norm';
import { groupNorm } from './group-norm';

const shape = [2, 5, 4, 6];
const [N, H, W, C] = shape as [number, number, number, number];
const x = values('x', shape, (v) => 2 * v + 3);
const weight = values('weight', [C], (v) => 1 + 0.2 * v);
const bias = values('bias', [C]);
const runningMean = values('mean', [C]);
const runningVar = values('var', [C], (v) => 1 + v * v);

describe.each(['cpu', 'wasm'])('norms on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test('frozen batch norm follows its formula, with and without γ and β', async () => {
    for (const affine of [{ weight, bias }, { weight }, { bias }, {}]) {
      const before = memory().numTensors;
      const y = batchNorm(x, { ...affine, runningMean, runningVar });
      expect(memory().numTensors).toBe(before + 1);
      await close(y, (i, c) => {
        const normal = (x.values[i]! - runningMean.values[c]!) / Math.sqrt(runningVar.values[c]! + 1e-5);
        return normal * (affine.weight?.values[c] ?? 1) + (affine.bias?.values[c] ?? 0);
      });
      y.dispose();
    }
  });

  test('trained batch norm uses the batch and moves the running statistics as torch does', async () => {
    const mean = tidy(() => variable(tensor1d(runningMean.values)));
    const variance = tidy(() => variable(tensor1d(runningVar.values)));
    const stats = Array.from({ length: C }, (_, c) => moments((i) => i % C === c));
    const before = memory().numTensors;
    const y = trainedBatchNorm(x, { weight, bias, runningMean: mean, runningVar: variance }, { momentum: 0.3 });
    expect(memory().numTensors).toBe(before + 1);
    await close(
      y,
      (i, c) =>
        ((x.values[i]! - stats[c]!.mean) / Math.sqrt(stats[c]!.variance + 1e-5)) * weight.values[c]! + bias.values[c]!,
    );
    const count = N * H * W;
    const [movedMean, movedVar] = [await mean.data(), await variance.data()];
    for (let c = 0; c < C; c++) {
      expect(movedMean[c]).toBeCloseTo(0.7 * runningMean.values[c]! + 0.3 * stats[c]!.mean, 4);
      const unbiased = (stats[c]!.variance * count) / (count - 1);
      expect(movedVar[c]).toBeCloseTo(0.7 * runningVar.values[c]! + 0.3 * unbiased, 4);
    }
    trainedBatchNorm(x, { runningMean: mean, runningVar: variance }, { update: false }).dispose();
    expect(await mean.data()).toEqual(movedMean);
    for (const t of [y, mean, variance]) t.dispose();
  });

  test.each([1, 2, 3, 6])('group norm with %i groups', async (groups) => {
    for (const affine of [{ weight, bias }, {}]) {
      const before = memory().numTensors;
      const y = groupNorm(x, { groups, ...affine });
      expect(memory().numTensors).toBe(before + 1);
      await close(y, (i, c) => {
        const image = Math.floor(i / (H * W * C));
        const group = Math.floor(c / (C / groups));
        const { mean, variance } = moments(
          (j) => Math.floor(j / (H * W * C)) === image && Math.floor((j % C) / (C / groups)) === group,
        );
        const normal = (x.values[i]! - mean) / Math.sqrt(variance + 1e-5);
        return normal * (affine.weight?.values[c] ?? 1) + (affine.bias?.values[c] ?? 0);
      });
      y.dispose();
    }
  });
});

test('norms say what is wrong', () => {
  const short = hostTensor(new Float32Array(5), [5]);
  expect(() => batchNorm(x, { weight: short, runningMean, runningVar })).toThrow(
    'batchNorm: expected `weight` of shape [C = 6], got [5].',
  );
  expect(() => batchNorm(x, { runningMean, runningVar }, { epsilon: -1 })).toThrow(ValueError);
  expect(() => groupNorm(x, { groups: 4 })).toThrow('`groups` to divide the 6 channels');
  expect(() => groupNorm(x, { groups: 2, bias: short })).toThrow(ShapeError);
  const mean = tidy(() => variable(tensor1d([0])));
  const one = hostTensor(new Float32Array(1), [1, 1, 1, 1]);
  expect(() => trainedBatchNorm(one, { runningMean: mean, runningVar: mean })).toThrow(/more than one value/);
  const two = hostTensor(new Float32Array(2), [2, 1, 1, 1]);
  expect(() => trainedBatchNorm(two, { runningMean: mean, runningVar: mean }, { momentum: 2 })).toThrow(ValueError);
  mean.dispose();
});

function values(name: string, size: number[], map = (v: number) => v): HostTensor {
  const stream = random(3).fork(name);
  const length = size.reduce((a, b) => a * b, 1);
  return hostTensor(
    Float32Array.from({ length }, () => map(stream.normal())),
    size,
  );
}

function moments(belongs: (index: number) => boolean) {
  const members = [...x.values].filter((_, i) => belongs(i));
  const mean = members.reduce((a, b) => a + b, 0) / members.length;
  return { mean, variance: members.reduce((a, v) => a + (v - mean) ** 2, 0) / members.length };
}

/** Float32 sums of 40 values of size 5: 1e-5 leaves room for their rounding and for nothing else. */
async function close(y: Tensor, expected: (index: number, channel: number) => number) {
  expect(y.shape).toEqual(shape);
  const got = await y.data();
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - expected(i, i % C))).toBeLessThan(1e-5);
}
