import { expect, test } from 'vitest';
import * as datasets from './index';

test('the names that are exported', () => {
  expect(Object.keys(datasets).sort()).toMatchInlineSnapshot(`
    [
      "classIndices",
      "decodeImage",
      "decodeIndexedPng",
      "encodeIndexedPng",
      "encodePng",
      "folderDataset",
      "readImage",
      "readMask",
      "vocDataset",
      "writeMask",
    ]
  `);
});
