import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { grad, memory, setBackend, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../errors';
import {
  resizeBilinear as bilinearKernel,
  resizeNearest as nearestKernel,
  resizeBilinearAdjoint,
  resizeNearestAdjoint,
} from '../kernels';
import { random } from '../random';
import { hostTensor } from '../tensor-like';
import { gradientError, normals } from './gradient-error.fixture';
import { resizeBilinear } from './resize-bilinear';
import { resizeNearest } from './resize-nearest';

// n, h, w, C, H, W; the last two are sizes where float32 and exact arithmetic take different cells.
const sizes = [
  [1, 1, 1, 1, 1, 1],
  [2, 1, 1, 3, 4, 5],
  [2, 4, 5, 3, 1, 1],
  [1, 1, 6, 2, 4, 6],
  [3, 6, 8, 2, 6, 8],
  [2, 5, 7, 3, 13, 9],
  [2, 13, 9, 3, 5, 7],
  [1, 32, 24, 2, 7, 5],
  [2, 6, 5, 4, 12, 3],
  [1, 14, 26, 2, 46, 22],
  [2, 39, 28, 1, 33, 46],
] as const;

/** Applies a kernel for one map to each of a batch. */
function each(values: Float32Array, n: number, kernel: (map: Float32Array) => Float32Array): Float32Array {
  const size = values.length / n;
  const parts = Array.from({ length: n }, (_, i) => kernel(values.slice(i * size, (i + 1) * size)));
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

async function read(make: () => Tensor): Promise<{ values: Float32Array; shape: number[] }> {
  const before = memory().numTensors;
  const result = make();
  expect(memory().numTensors).toBe(before + 1);
  const values = await result.data<'float32'>();
  result.dispose();
  return { values, shape: result.shape };
}

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  describe.each([true, false])('resizeBilinear, corners aligned: %s', (alignCorners) => {
    test.for(sizes)('value and gradient are those of the kernel, [%i, %i, %i, %i] to %i×%i', async (size) => {
      const [n, h, w, C, H, W] = size;
      const stream = random(1);
      const x = Float32Array.from({ length: n * h * w * C }, () => stream.uniform(-1, 1));
      const g = Float32Array.from({ length: n * H * W * C }, () => stream.uniform(-1, 1));
      const maps = tensor(x, [n, h, w, C]);
      const gradient = tensor(g, [n, H, W, C]);
      const value = await read(() => resizeBilinear(maps, [H, W], { alignCorners }));
      expect(value.shape).toEqual([n, H, W, C]);
      const expected = each(x, n, (map) => bilinearKernel(map, [h, w, C], [H, W], alignCorners));
      expect(largestDifference(value.values, expected)).toBeLessThan(5e-7);

      const slope = grad((m) => resizeBilinear(m, [H, W], { alignCorners }));
      const back = await read(() => slope(maps, gradient));
      const adjoint = each(g, n, (map) => resizeBilinearAdjoint(map, [h, w, C], [H, W], alignCorners));
      expect(largestDifference(back.values, adjoint)).toBeLessThan(1e-6 * Math.max(1, (H * W) / (h * w)));
      maps.dispose();
      gradient.dispose();
    });

    test.for([
      [2, 3, 4, 2, 5, 7],
      [1, 5, 7, 2, 3, 2],
      [1, 1, 4, 1, 3, 1],
    ] as const)('gradient agrees with finite differences, [%i, %i, %i, %i] to %i×%i', async ([n, h, w, C, H, W]) => {
      const resize = (x: Tensor) => resizeBilinear(x, [H, W], { alignCorners });
      const [error] = await gradientError(resize, [normals([n, h, w, C])], { step: 1 });
      expect(error).toBeLessThan(1e-5);
    });
  });

  describe('resizeNearest', () => {
    test.for(sizes)('value and gradient are those of the kernel, [%i, %i, %i, %i] to %i×%i', async (size) => {
      const [n, h, w, C, H, W] = size;
      const stream = random(2);
      const x = Float32Array.from({ length: n * h * w * C }, () => stream.uniform(-1, 1));
      const g = Float32Array.from({ length: n * H * W * C }, () => stream.uniform(-1, 1));
      const maps = tensor(x, [n, h, w, C]);
      const gradient = tensor(g, [n, H, W, C]);
      const value = await read(() => resizeNearest(maps, [H, W]));
      expect(value.shape).toEqual([n, H, W, C]);
      expect(value.values).toEqual(each(x, n, (map) => nearestKernel(map, [h, w, C], [H, W])));

      const back = await read(() => grad((m) => resizeNearest(m, [H, W]))(maps, gradient));
      const adjoint = each(g, n, (map) => resizeNearestAdjoint(map, [h, w, C], [H, W]));
      expect(largestDifference(back.values, adjoint)).toBeLessThan(1e-6 * Math.max(1, (H * W) / (h * w)));
      maps.dispose();
      gradient.dispose();
    });

    test('gradient agrees with finite differences', async () => {
      const [error] = await gradientError((x) => resizeNearest(x, [5, 7]), [normals([2, 3, 4, 2])], { step: 1 });
      expect(error).toBeLessThan(1e-5);
    });

    test('takes the cells of torch at every size up to 60', async () => {
      for (let to = 1; to <= 60; to += 1) {
        for (const from of [1, 2, 3, 7, 14, 26, 39, 52, 54, 56, 58, 60]) {
          const row = hostTensor(
            Float32Array.from({ length: from }, (_, i) => i),
            [1, from],
          );
          const { values } = await read(() => resizeNearest(row, [1, to]));
          expect(values).toEqual(nearestKernel(row.values, [1, from, 1], [1, to]));
        }
      }
    });

    test('keeps integers', async () => {
      const labels = hostTensor(Uint8Array.of(0, 255, 7, 3), [2, 2]);
      const { values, shape } = await read(() => resizeNearest(labels, [3, 4]));
      expect(shape).toEqual([3, 4]);
      expect([...values]).toEqual([0, 0, 255, 255, 0, 0, 255, 255, 7, 7, 3, 3]);
    });
  });

  describe.each([
    ['resizeBilinear', resizeBilinear],
    ['resizeNearest', resizeNearest],
  ])('%s', (name, resize) => {
    test('takes maps of each rank, on the host or not, and disposes none', async () => {
      const values = Float32Array.from({ length: 12 }, (_, i) => i);
      const flat = await read(() => resize(hostTensor(values, [3, 4]), [5, 2]));
      expect(flat.shape).toEqual([5, 2]);
      for (const shape of [
        [3, 4, 1],
        [1, 3, 4, 1],
      ]) {
        const maps = tensor(values, shape);
        const same = await read(() => resize(maps, [5, 2]));
        expect(same.values).toEqual(flat.values);
        expect(same.shape.length).toBe(shape.length);
        expect(maps.isDisposed).toBe(false);
        maps.dispose();
      }
    });

    test('refuses other shapes and sizes', () => {
      const maps = hostTensor(new Float32Array(6), [2, 3]);
      const bad = (shape: number[]) => hostTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
      expect(() => resize(bad([6]), [2, 2])).toThrow(ShapeError);
      expect(() => resize(bad([1, 1, 2, 3, 1]), [2, 2])).toThrow(
        `${name}: expected \`maps\` of shape [h, w], [h, w, C] or [n, h, w, C], got [1, 1, 2, 3, 1].`,
      );
      expect(() => resize(bad([0, 2, 3, 1]), [2, 2])).toThrow('It has no cells.');
      expect(() => resize(maps, [2, 0])).toThrow(
        `${name}: expected \`size\` [h, w] of whole numbers above 0, got [2, 0].`,
      );
      const elsewhere = { shape: [2, 3], dtype: 'float32', data: async () => new Float32Array(6) };
      expect(() => resize(elsewhere as unknown as Tensor, [2, 2])).toThrow(ValueError);
      expect(memory().numTensors).toBe(0);
    });
  });
});
