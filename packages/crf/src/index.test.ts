import { expect, test } from 'vitest';
import * as crf from './index';

test('exports', () => {
  expect(Object.keys(crf).sort()).toMatchInlineSnapshot(`
    [
      "DEEPLAB_CRF",
      "DenseCrf",
      "IRN_CRF",
      "Lattice",
      "PSA_CRF",
      "bilateralFeatures",
      "crf",
      "crfBatch",
      "crfFromLabels",
      "crfLattices",
      "gaussianFeatures",
      "unaryFromLabels",
      "unaryFromSoftmax",
      "warmUp",
    ]
  `);
});
