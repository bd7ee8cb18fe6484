import { expect, test } from 'vitest';
import * as datasets from './index';

test('the names that are exported', () => {
  expect(Object.keys(datasets).sort()).toMatchInlineSnapshot(`
    [
      "decodeImage",
      "decodeIndexedPng",
      "encodeIndexedPng",
      "encodePng",
      "readImage",
      "readMask",
      "writeMask",
    ]
  `);
});
