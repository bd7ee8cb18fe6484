import { expect, test } from 'vitest';
import * as tensor from './index';

test('exports', () => {
  expect(Object.keys(tensor)).toMatchInlineSnapshot(`
    [
      "asTensor",
      "checkAxes",
      "checkpoint",
      "classifierOf",
      "featureFunction",
      "floatTensor",
      "l2Normalize",
      "maxFirst",
      "resizeBilinear",
      "resizeNearest",
      "stopGradient",
      "withGradient",
    ]
  `);
});
