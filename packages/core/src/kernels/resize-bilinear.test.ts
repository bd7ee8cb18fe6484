import { describe, expect, test } from 'vitest';
import { random } from '../random';
import { resizeBilinear, resizeBilinearAdjoint } from './resize-bilinear';

// torch 1.13, F.interpolate(x, size, mode='bilinear', align_corners=…) of this map of 2×3 cells.
const map = Float32Array.of(1, -2, 4, 0, 3, 8);
const torch = [
  [
    true,
    [4, 5],
    [1, -0.5, -2, 1, 4, 2 / 3, 1 / 6, -1 / 3, 2.5, 16 / 3, 1 / 3, 5 / 6, 4 / 3, 4, 20 / 3, 0, 1.5, 3, 5.5, 8],
  ],
  [true, [1, 2], [1, 4]],
  [true, [3, 1], [1, 0.5, 0]],
  [false, [4, 5], [1, -0.2, -2, 1.6, 4, 0.75, 0.15, -0.75, 2.7, 5, 0.25, 0.85, 1.75, 4.9, 7, 0, 1.2, 3, 6, 8]],
  [false, [1, 2], [0.5, 4.625]],
  [false, [3, 1], [-2, 0.5, 3]],
] as const;

const sizes = [
  [1, 1, 1, 1],
  [1, 1, 4, 3],
  [4, 3, 1, 1],
  [5, 7, 13, 9],
  [13, 9, 5, 7],
  [1, 6, 4, 6],
  [32, 24, 7, 5],
  [6, 8, 6, 8],
] as const;

describe.each([true, false])('resizeBilinear, corners aligned: %s', (alignCorners) => {
  test.for(torch.filter(([aligned]) => aligned === alignCorners))('as torch: %j', ([, size, expected]) => {
    const got = resizeBilinear(map, [2, 3, 1], size, alignCorners);
    // torch itself works in float32 and is off by this much.
    expected.forEach((value, i) => {
      expect(Math.abs(got[i]! - value)).toBeLessThan(1e-6);
    });
    expect(got.length).toBe(expected.length);
  });

  test.for(sizes)('keeps flat maps flat and stays in range, %i×%i to %i×%i', ([h, w, H, W]) => {
    const stream = random(1);
    const values = Float32Array.from({ length: h * w * 2 }, (_, i) => (i % 2 ? stream.next() : 0.1));
    const out = resizeBilinear(values, [h, w, 2], [H, W], alignCorners);
    const odd = values.filter((_, i) => i % 2);
    out.forEach((value, i) => {
      if (i % 2 === 0) expect(value).toBe(Math.fround(0.1));
      else expect(value >= Math.min(...odd) && value <= Math.max(...odd)).toBe(true);
    });
  });

  test.for(sizes)('the adjoint is the adjoint, %i×%i to %i×%i: ⟨Ax, g⟩ = ⟨x, Aᵀg⟩', ([h, w, H, W]) => {
    const stream = random(2);
    const x = Float32Array.from({ length: h * w * 3 }, () => stream.normal());
    const g = Float32Array.from({ length: H * W * 3 }, () => stream.normal());
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const forward = dot(resizeBilinear(x, [h, w, 3], [H, W], alignCorners), g);
    const backward = dot(x, resizeBilinearAdjoint(g, [h, w, 3], [H, W], alignCorners));
    // Both sums round their terms once, to float32.
    expect(Math.abs(forward - backward)).toBeLessThan(1e-6 * Math.max(h * w, H * W));
  });

  test('the same size changes nothing', () => {
    expect(resizeBilinear(map, [2, 3, 1], [2, 3], alignCorners)).toEqual(map);
  });

  test('channels do not mix', () => {
    const stream = random(3);
    const two = Float32Array.from({ length: 5 * 4 * 2 }, () => stream.normal());
    const out = resizeBilinear(two, [5, 4, 2], [7, 9], alignCorners);
    for (const channel of [0, 1]) {
      const one = two.filter((_, i) => i % 2 === channel);
      expect(out.filter((_, i) => i % 2 === channel)).toEqual(resizeBilinear(one, [5, 4, 1], [7, 9], alignCorners));
    }
  });
});

test('corners keep their place when they are aligned', () => {
  const out = resizeBilinear(map, [2, 3, 1], [40, 70], true);
  expect([out[0], out[69], out[39 * 70], out[40 * 70 - 1]]).toEqual([1, 4, 0, 8]);
});
