import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { grad, memory, setBackend, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../errors';
import { random } from '../random';
import { hostTensor } from '../tensor-like';
import { gradientError, normals } from './gradient-error.fixture';
import { maxFirst } from './max-first';

describe.each(['cpu', 'wasm'])('maxFirst on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test('the gradient goes to the first of equals, in row-major order', async () => {
    const x = tensor([1, 7, 7, 7, 2, 7], [2, 3]);
    const slope = async (axes: number | number[], upstream: number[], shape: number[]) =>
      Array.from(await grad((v: Tensor) => maxFirst(v, axes))(x, tensor(upstream, shape)).data());
    expect(await slope(1, [5, 9], [2])).toEqual([0, 5, 0, 9, 0, 0]);
    expect(await slope(0, [1, 2, 3], [3])).toEqual([0, 2, 3, 1, 0, 0]);
    expect(await slope([0, 1], [4], [])).toEqual([0, 4, 0, 0, 0, 0]);
    expect(await slope([-1, 0], [4], [])).toEqual([0, 4, 0, 0, 0, 0]);
  });

  test('value and gradient are right along any axes, ties or not', async () => {
    const shape = [2, 3, 4, 3];
    const stream = random(1);
    const values = Float32Array.from({ length: 72 }, () => stream.integer(-2, 2));
    const x = tensor(values, shape);
    for (const axes of [[0], [1], [2], [3], [1, 2], [0, 3], [0, 1, 2, 3], [2, 0]]) {
      const kept = [0, 1, 2, 3].filter((axis) => !axes.includes(axis));
      const best = new Map<string, number>();
      for (let i = 0; i < 72; i++) {
        const place = [Math.floor(i / 36), Math.floor(i / 12) % 3, Math.floor(i / 3) % 4, i % 3];
        const key = kept.map((axis) => place[axis]).join();
        if (!best.has(key) || values[i]! > values[best.get(key)!]!) best.set(key, i);
      }
      const before = memory().numTensors;
      const largest = maxFirst(x, axes);
      expect(memory().numTensors).toBe(before + 1);
      expect(largest.shape).toEqual(kept.map((axis) => shape[axis]));
      expect(Array.from(await largest.data())).toEqual([...best.values()].map((i) => values[i]));
      const upstream = tensor(
        Float32Array.from({ length: best.size }, (_, i) => i + 1),
        largest.shape,
      );
      const gradient = grad((v: Tensor) => maxFirst(v, axes))(x, upstream);
      const expected = new Float32Array(72);
      [...best.values()].forEach((i, order) => {
        expected[i] = order + 1;
      });
      expect(await gradient.data()).toEqual(expected);
    }
  });

  test('keeps reduced axes if asked, in the gradient too', async () => {
    const x = tensor([1, 3, 2, 0], [2, 2]);
    expect(maxFirst(x, 1, { keepDims: true }).shape).toEqual([2, 1]);
    const slope = grad((v: Tensor) => maxFirst(v, [0, 1], { keepDims: true }))(x, tensor([6], [1, 1]));
    expect(Array.from(await slope.data())).toEqual([0, 6, 0, 0]);
  });

  test('gradient agrees with finite differences', async () => {
    const [error] = await gradientError((v) => maxFirst(v, [1, 2]), [normals([2, 4, 5, 3])], { step: 1e-3 });
    expect(error).toBeLessThan(1e-3);
  });

  test('refuses what it cannot do', () => {
    const x = hostTensor(new Float32Array(6), [2, 3]);
    expect(() => maxFirst(x, 2)).toThrow('maxFirst: expected `axes` to be in -2..1, got 2.\n`x` is [2, 3].');
    expect(() => maxFirst(x, [])).toThrow(ValueError);
    expect(() => maxFirst(x, [1, -1])).toThrow('to name each axis once, got [1, -1].');
    expect(() => maxFirst(hostTensor(new Float32Array(0), [2, 0]), 1)).toThrow(ShapeError);
    expect(() => maxFirst(hostTensor(new Float32Array(1), []), 0)).toThrow(ShapeError);
  });
});
