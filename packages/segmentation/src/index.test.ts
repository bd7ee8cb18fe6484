import { expect, test } from 'vitest';
import * as segmentation from './index';
import * as train from './train/index';

test('the names that are exported', () => {
  expect(Object.keys(segmentation).sort()).toMatchInlineSnapshot(`
    [
      "compactSegmentation",
      "crossEntropy",
      "gateByClassifier",
      "predict",
    ]
  `);
  expect(Object.keys(train).sort()).toMatchInlineSnapshot(`
    [
      "COMPACT_TRAINING",
      "trainSegmentation",
    ]
  `);
});
