import { expect, test } from 'vitest';
import * as datasets from './index';

test('the names that are exported', () => {
  expect(Object.keys(datasets).sort()).toMatchInlineSnapshot(`
    [
      "classIndices",
      "cocoDataset",
      "decodeImage",
      "decodeIndexedPng",
      "encodeIndexedPng",
      "encodePng",
      "exportCoco",
      "exportFolder",
      "folderDataset",
      "readImage",
      "readMask",
      "vocDataset",
      "writeMask",
    ]
  `);
});
