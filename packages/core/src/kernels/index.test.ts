import { expect, test } from 'vitest';
import * as kernels from './index';

test('exports', () => {
  expect(Object.keys(kernels)).toMatchInlineSnapshot(`
    [
      "argmax",
      "crop",
      "cubicTaps",
      "flipHorizontal",
      "linearTaps",
      "nearestIndices",
      "normalizeImage",
      "resizeBicubic",
      "resizeBilinear",
      "resizeBilinearAdjoint",
      "resizeNearest",
      "resizeNearestAdjoint",
    ]
  `);
});
