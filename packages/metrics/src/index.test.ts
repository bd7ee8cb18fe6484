import { expect, test } from 'vitest';
import * as metrics from './index';

test('the names that are exported', () => {
  expect(Object.keys(metrics).sort()).toMatchInlineSnapshot(`
    [
      "ConfusionMatrix",
      "averagePrecision",
      "bootstrapMeanIou",
      "boundaryIou",
      "classTable",
      "meanAveragePrecision",
      "sweepThreshold",
    ]
  `);
});
