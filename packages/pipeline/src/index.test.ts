import { expect, test } from 'vitest';
import * as pipeline from './index';

test('the names that are exported', () => {
  expect(Object.keys(pipeline).sort()).toMatchInlineSnapshot(`
    [
      "CLASSIFIER_TRAINING",
      "overlayLabels",
      "pseudoLabel",
      "report",
      "trainClassifier",
      "writeReport",
    ]
  `);
});
