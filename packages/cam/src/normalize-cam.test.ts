import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {
  grad,
  memory,
  mul,
  type Rank,
  setBackend,
  sum,
  type Tensor3D,
  type Tensor4D,
  tensor,
} from '@tensorflow/tfjs-core';
import { hostTensor, random, ShapeError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { normalizeCam as kernel } from './kernels/normalize-cam';
import { type CamNormalization, normalizeCam } from './normalize-cam';

const modes: CamNormalization[] = ['max', 'minmax', 'seam'];
const column = (...values: number[]) => hostTensor(Float32Array.from(values), [values.length, 1, 1]);
const stream = random(7);
const maps = hostTensor(
  Float32Array.from({ length: 2 * 4 * 5 * 3 }, () => stream.normal() * 3),
  [2, 4, 5, 3],
);

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));
  const normalized = async (values: number[], mode: CamNormalization, epsilon?: number) => {
    const got = [...(await normalizeCam(column(...values), { mode, epsilon }).data())];
    const alone = Float32Array.from(values);
    kernel(alone, 1, mode, epsilon ?? 1e-5);
    for (const [i, value] of alone.entries()) expect(value).toBeCloseTo(got[i]!, 6);
    return got;
  };

  test('the formulas, by hand', async () => {
    const close = (got: number[], wanted: number[]) => {
      for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 6);
    };
    close(await normalized([1, 2, 4], 'max', 1), [1 / 5, 2 / 5, 4 / 5]);
    close(await normalized([1, 2, 4], 'minmax', 1), [0, 1 / 4, 3 / 4]);
    close(await normalized([1, 2.5, 4], 'seam', 1), [0, 0.5 / 4, 2 / 4]);
    close(await normalized([-8, 2, 4], 'minmax', 1), [0, 2 / 5, 4 / 5]);
    close(await normalized([-8, 2, 4], 'max'), [0, 2 / 4.00001, 4 / 4.00001]);
  });

  test.each(modes)('%s: a map without a positive value becomes 0', async (mode) => {
    expect(await normalized([0, 0, 0], mode)).toEqual([0, 0, 0]);
    expect(await normalized([-3, -1, -2], mode)).toEqual([0, 0, 0]);
    expect((await normalized([-3, -3], mode)).map(Math.abs)).toEqual([0, 0]);
  });

  test('a constant positive map: c / (c + ε) by the maximum, else 0', async () => {
    for (const value of await normalized([2e-5, 2e-5], 'max')) expect(value).toBeCloseTo(2 / 3, 6);
    expect(await normalized([7, 7], 'minmax')).toEqual([0, 0]);
    expect(await normalized([7, 7], 'seam')).toEqual([0, 0]);
  });

  test.each(modes)('%s: each channel of each image by itself, in [0, 1), as the kernel does', async (mode) => {
    const values = await normalizeCam<Rank.R4>(maps, { mode }).data();
    expect(Math.min(...values)).toBe(0);
    expect(Math.max(...values)).toBeLessThan(1);
    for (const image of [0, 1]) {
      const alone = maps.values.slice(image * 60, (image + 1) * 60);
      kernel(alone, 3, mode, 1e-5);
      for (let i = 0; i < 60; i++) expect(values[image * 60 + i]).toBeCloseTo(alone[i]!, 6);
      for (let c = 0; c < 3; c++) {
        const channel = Array.from({ length: 20 }, (_, i) => alone[i * 3 + c]!);
        expect(Math.max(...channel)).toBeGreaterThan(0.9999);
      }
    }
  });

  test.each(modes)('%s: the gradient is the slope, and goes to the first of equal maxima', async (mode) => {
    // Distinct values, some negative, and two equal maxima; moving the second leaves the maximum where it is.
    const values = [0.3, 2, -1, 2, 1.2, 0.7];
    const outward = [0.2, -1, 0.5, 0.8, 1.5, -0.4];
    const total = async (given: number[]) => {
      const out = normalizeCam(column(...given), { mode, epsilon: 0.1 });
      return [...(await out.data())].reduce((s, value, i) => s + value * outward[i]!, 0);
    };
    const x = tensor(values, [6, 1, 1]) as Tensor3D;
    const weight = tensor(outward, [6, 1, 1]);
    const slopes = await grad((given) => sum(mul(normalizeCam(given as Tensor3D, { mode, epsilon: 0.1 }), weight)))(
      x,
    ).data();
    const step = 1e-2;
    for (const i of [0, 2, 4, 5]) {
      const moved = (by: number) => total(values.map((value, j) => (i === j ? value + by : value)));
      expect(slopes[i]).toBeCloseTo(((await moved(step)) - (await moved(-step))) / (2 * step), 3);
    }
    // At the tie the slopes of the two sides differ. The first maximum has that of its way up, which lifts the divisor
    // too; the second that of its way down, where the first holds the divisor.
    const beside = async (i: number, by: number) =>
      ((await total(values.map((value, j) => (i === j ? value + by : value)))) - (await total(values))) / by;
    expect(slopes[1]).toBeCloseTo(await beside(1, 1e-3), 2);
    expect(slopes[3]).toBeCloseTo(await beside(3, -1e-3), 2);
  });

  test('keeps nothing but its result', () => {
    const x = tensor(maps.values, [2, 4, 5, 3]) as Tensor4D;
    const before = memory().numTensors;
    const outs = [...modes.map((mode) => normalizeCam(x, { mode })), normalizeCam(maps)];
    expect(memory().numTensors).toBe(before + 4);
    expect(outs[0]!.shape).toEqual([2, 4, 5, 3]);
  });
});

test('wrong arguments are named', () => {
  expect(() => normalizeCam(hostTensor(new Float32Array(4), [2, 2]))).toThrow(ShapeError);
  expect(() => normalizeCam(hostTensor(new Float32Array(0), [0, 2, 2]))).toThrow(/no size 0/);
  expect(() => normalizeCam(maps, { mode: 'mean' as 'max' })).toThrow(
    /`mode` to be 'max', 'minmax' or 'seam', got 'mean'/,
  );
  expect(() => normalizeCam(maps, { epsilon: 0 })).toThrow(/`epsilon`/);
  expect(() => normalizeCam(maps, { epsilon: 1e-50 })).toThrow(/at least 1e-30/);
});
