import { describe, expect, test } from 'vitest';
import { random } from '../random';
import { nearestIndices } from './nearest-indices';
import { resizeNearest, resizeNearestAdjoint } from './resize-nearest';

describe('nearestIndices, as torch 1.13', () => {
  test.for([
    [3, 7, [0, 0, 0, 1, 1, 2, 2]],
    [7, 3, [0, 2, 4]],
    [5, 5, [0, 1, 2, 3, 4]],
    [2, 9, [0, 0, 0, 0, 0, 1, 1, 1, 1]],
    [4, 1, [0]],
    [1, 4, [0, 0, 0, 0]],
  ] as const)('%i to %i', ([from, to, expected]) => {
    expect([...nearestIndices(from, to)]).toEqual(expected);
  });

  test.for([
    [14, 46, 23, 6],
    [26, 22, 11, 12],
    [39, 33, 22, 25],
    [58, 54, 27, 28],
  ])('%i to %i: position %i falls just short of a whole number in float32', ([from, to, d, source]) => {
    expect(nearestIndices(from!, to!)[d!]).toBe(source);
    expect(Math.floor((d! * from!) / to!)).toBe(source! + 1);
  });
});

test('resizeNearest only copies, and keeps the kind of array', () => {
  const labels = Uint8Array.of(0, 255, 7, 3, 2, 1);
  const out = resizeNearest(labels, [2, 3, 1], [4, 6]);
  expect(out).toEqual(Uint8Array.of(0, 0, 255, 255, 7, 7, 0, 0, 255, 255, 7, 7, 3, 3, 2, 2, 1, 1, 3, 3, 2, 2, 1, 1));
  expect(resizeNearest(out, [4, 6, 1], [2, 3])).toEqual(labels);
  expect(resizeNearest(Float64Array.of(1.5, 2.5), [1, 1, 2], [1, 2])).toEqual(Float64Array.of(1.5, 2.5, 1.5, 2.5));
  expect(resizeNearest(Buffer.from([1, 2]), [1, 2, 1], [1, 1])).toEqual(Uint8Array.of(1));
});

test.for([
  [5, 7, 13, 9],
  [13, 9, 5, 7],
  [1, 1, 3, 4],
  [14, 26, 46, 22],
] as const)('the adjoint is the adjoint, %i×%i to %i×%i', ([h, w, H, W]) => {
  const stream = random(2);
  // Whole numbers: their sums are exact.
  const x = Float32Array.from({ length: h * w * 2 }, () => stream.integer(-9, 9));
  const g = Float32Array.from({ length: H * W * 2 }, () => stream.integer(-9, 9));
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  expect(dot(resizeNearest(x, [h, w, 2], [H, W]), g)).toBe(dot(x, resizeNearestAdjoint(g, [h, w, 2], [H, W])));
});
