import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { grad, memory, setBackend, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../errors';
import { hostTensor } from '../tensor-like';
import { gradientError, normals } from './gradient-error.fixture';
import { l2Normalize } from './l2-normalize';

// torch 1.13: F.normalize(x, eps=1) and x / (x.norm(dim=1, keepdim=True) + 1), and their gradients for this upstream g.
const x = [3, 4, 0, 0, 0.3, -0.4, 1, 0];
const g = [1, 2, 3, -1, 0.5, 0.25, 2, 1];
const torch = {
  max: {
    value: [0.6, 0.8, 0, 0, 0.3, -0.4, 1, 0],
    gradient: [-0.064, 0.048, 3, -1, 0.5, 0.25, 0, 1],
  },
  sum: {
    value: [0.5, 2 / 3, 0, 0, 0.2, -4 / 15, 0.5, 0],
    gradient: [-1 / 60, 4 / 45, 3, -1, 0.32, 0.18444444, 0.5, 0.5],
  },
};

describe.each(['cpu', 'wasm'])('l2Normalize on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  describe.each(['max', 'sum'] as const)('by the %s of norm and ε', (denominator) => {
    test('value and gradient are those of torch, at zero and at ε too', async () => {
      const vectors = tensor(x, [4, 2]);
      const before = memory().numTensors;
      const value = l2Normalize(vectors, { epsilon: 1, denominator });
      expect(memory().numTensors).toBe(before + 1);
      const gradient = grad((v: Tensor) => l2Normalize(v, { epsilon: 1, denominator }))(vectors, tensor(g, [4, 2]));
      for (const [got, expected] of [
        [await value.data(), torch[denominator].value],
        [await gradient.data(), torch[denominator].gradient],
      ] as const) {
        expected.forEach((number, i) => {
          expect(Math.abs(got[i]! - number)).toBeLessThan(1e-6);
        });
      }
    });

    test.for([
      [[2, 3, 4, 5], -1],
      [[2, 3, 4, 5], 1],
      [[7], 0],
      [[3, 4], 0],
    ] as const)('gradient agrees with finite differences, %j along %i', async ([shape, axis]) => {
      const normalize = (v: Tensor) => l2Normalize(v, { axis, epsilon: 0.1, denominator });
      const [error] = await gradientError(normalize, [normals(shape)], { step: 2e-2 });
      // Second-order differences miss (step)² / 6 of the third derivative.
      expect(error).toBeLessThan(1e-3);
    });

    test('stays finite at zero, at tiny and at huge vectors', async () => {
      const extreme = [0, 0, 1e-30, -1e-30, 1e-12, 0, 1e30, 1e30, 1e-42, 0];
      for (const epsilon of [1e-12, 1e-5]) {
        const vectors = tensor(extreme, [5, 2]);
        const normalize = (v: Tensor) => l2Normalize(v, { epsilon, denominator });
        const value = await normalize(vectors).data();
        const gradient = await grad(normalize)(vectors, tensor(Array(10).fill(1), [5, 2])).data();
        for (const number of [...value, ...gradient]) expect(Number.isFinite(number)).toBe(true);
        expect([value[0], value[1]]).toEqual([0, 0]);
      }
    });
  });

  test('norms become one', async () => {
    const values = await l2Normalize(hostTensor(Float32Array.from(normals([6, 9]).values), [6, 9])).data();
    for (let row = 0; row < 6; row++) {
      const norm = Math.hypot(...values.slice(row * 9, row * 9 + 9));
      expect(Math.abs(norm - 1)).toBeLessThan(1e-6);
    }
  });

  test('refuses what it cannot do', () => {
    const vectors = hostTensor(new Float32Array(6), [2, 3]);
    expect(() => l2Normalize(vectors, { axis: 2 })).toThrow(
      'l2Normalize: expected `axis` to be in -2..1, got 2.\n`x` is [2, 3].',
    );
    expect(() => l2Normalize(vectors, { axis: 0.5 })).toThrow(ValueError);
    expect(() => l2Normalize(hostTensor(new Float32Array(1), []))).toThrow(ShapeError);
    for (const epsilon of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-60]) {
      expect(() => l2Normalize(vectors, { epsilon })).toThrow(`l2Normalize: expected \`epsilon\` to be positive`);
    }
    expect(() => l2Normalize(vectors, { denominator: 'min' as 'max' })).toThrow("to be 'max' or 'sum', got 'min'");
  });
});
