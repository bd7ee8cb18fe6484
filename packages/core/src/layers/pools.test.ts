import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../errors';
import { random } from '../random';
import { hostTensor } from '../tensor-like';
import { averagePool2d } from './average-pool2d';
import { globalAveragePool } from './global-average-pool';
import { linear } from './linear';
import { maxPool2d } from './max-pool2d';

interface Case {
  x: [number, number, number, number];
  size: number | [number, number];
  stride?: number;
  padding?: number | [number, number];
  ceilMode?: boolean;
  /** Shape that torch 1.13 gives. */
  output: [number, number];
}

const cases: Case[] = [
  { x: [2, 8, 7, 3], size: 2, output: [4, 3] },
  { x: [1, 8, 7, 3], size: 3, stride: 2, padding: 1, output: [4, 4] },
  { x: [1, 9, 10, 2], size: 3, stride: 1, padding: 1, output: [9, 10] },
  { x: [1, 9, 10, 2], size: [3, 2], stride: 2, padding: [1, 0], output: [5, 5] },
  { x: [1, 7, 8, 2], size: 3, stride: 3, output: [2, 2] },
];
const ceilCases: Case[] = [
  { x: [1, 8, 7, 3], size: 3, stride: 2, ceilMode: true, output: [4, 3] },
  { x: [1, 8, 7, 3], size: 3, stride: 2, padding: 1, ceilMode: true, output: [5, 4] },
  { x: [1, 6, 6, 1], size: 2, stride: 3, padding: 1, ceilMode: true, output: [3, 3] },
  { x: [1, 5, 6, 1], size: 1, stride: 2, ceilMode: true, output: [3, 3] },
];

describe.each(['cpu', 'wasm'])('pools on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test.each([...cases, ...ceilCases])('max $x, window $size, stride $stride, padding $padding', async (c) => {
    // All below zero: padding with zeros instead of −∞ would show.
    const x = values(c.x, -10);
    const before = memory().numTensors;
    const y = maxPool2d(x, c.size, c);
    expect(memory().numTensors).toBe(before + 1);
    expect(y.shape).toEqual([c.x[0], ...c.output, c.x[3]]);
    expect([...(await y.data())]).toEqual(
      reference(x.values, c, (inside) => inside.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    );
    y.dispose();
  });

  test.each(cases)('average $x, window $size, stride $stride, padding $padding', async (c) => {
    const x = values(c.x, 0);
    const before = memory().numTensors;
    const y = averagePool2d(x, c.size, c);
    expect(memory().numTensors).toBe(before + 1);
    expect(y.shape).toEqual([c.x[0], ...c.output, c.x[3]]);
    const expected = reference(x.values, c, (inside, cells) => inside.reduce((a, b) => a + b, 0) / cells);
    const got = await y.data();
    for (let i = 0; i < got.length; i++) expect(got[i]).toBeCloseTo(expected[i]!, 5);
    y.dispose();
  });

  test('global average and linear', async () => {
    const x = values([2, 3, 5, 4], 1);
    const before = memory().numTensors;
    const pooled = globalAveragePool(x);
    const scores = linear(pooled, hostTensor(Float32Array.of(1, 0, 0, 2, 1, 1, 0, 0), [4, 2]), {
      bias: hostTensor(Float32Array.of(0.5, -0.5), [2]),
    });
    expect(memory().numTensors).toBe(before + 2);
    const means = Array.from({ length: 8 }, (_, i) => {
      const [n, c] = [Math.floor(i / 4), i % 4];
      return x.values.filter((_, j) => Math.floor(j / 60) === n && j % 4 === c).reduce((a, b) => a + b, 0) / 15;
    });
    (await pooled.data()).forEach((v, i) => void expect(v).toBeCloseTo(means[i]!, 5));
    const got = await scores.data();
    expect(got[2]).toBeCloseTo(means[4]! + means[6]! + 0.5, 5);
    expect(got[3]).toBeCloseTo(2 * means[5]! + means[6]! - 0.5, 5);
    pooled.dispose();
    scores.dispose();
  });
});

test('pools say what is wrong', () => {
  const x = hostTensor(new Float32Array(27), [1, 3, 3, 3]);
  expect(() => maxPool2d(x, 2, { padding: 2 })).toThrow('`padding` to be at most half the window, got 2.');
  expect(() => averagePool2d(x, 5)).toThrow(ShapeError);
  expect(() => averagePool2d(x, 0)).toThrow(ValueError);
  expect(() => globalAveragePool(hostTensor(new Float32Array(9), [3, 3]))).toThrow(ShapeError);
  const wrong = hostTensor(new Float32Array(8), [4, 2]);
  expect(() => linear(hostTensor(new Float32Array(6), [2, 3]), wrong)).toThrow(
    'linear: expected `weight` of shape [F = 3, C], got [4, 2].',
  );
});

function values(shape: number[], middle: number) {
  const stream = random(5);
  const length = shape.reduce((a, b) => a * b, 1);
  return hostTensor(
    Float32Array.from({ length }, () => middle + stream.normal()),
    shape,
  );
}

/** Applies `f` to the values of each window that lie inside the image. */
function reference(x: Float32Array, c: Case, f: (inside: number[], cells: number) => number): number[] {
  const both = (v: number | [number, number]) => (typeof v === 'object' ? v : ([v, v] as const));
  const [n, h, w, channels] = c.x;
  const [kh, kw] = both(c.size);
  const [sy, sx] = c.stride ? [c.stride, c.stride] : [kh, kw];
  const [py, px] = both(c.padding ?? 0);
  const result: number[] = [];
  for (let b = 0; b < n; b++)
    for (let y = 0; y < c.output[0]; y++)
      for (let z = 0; z < c.output[1]; z++)
        for (let k = 0; k < channels; k++) {
          const inside: number[] = [];
          for (let i = y * sy - py; i < y * sy - py + kh; i++)
            for (let j = z * sx - px; j < z * sx - px + kw; j++)
              if (i >= 0 && j >= 0 && i < h && j < w) inside.push(x[((b * h + i) * w + j) * channels + k]!);
          result.push(f(inside, kh * kw));
        }
  return result;
}
