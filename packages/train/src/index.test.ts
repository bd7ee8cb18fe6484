import { expect, test } from 'vitest';
import * as train from './index';

test('exports', () => {
  expect(Object.keys(train).sort()).toMatchInlineSnapshot(`
    [
      "IRN_AFFINITY_AUGMENTATION",
      "IRN_CLASSIFIER_AUGMENTATION",
      "NonFiniteLossError",
      "PSA_AFFINITY_AUGMENTATION",
      "PSA_CLASSIFIER_AUGMENTATION",
      "SIPE_AUGMENTATION",
      "adamW",
      "adjustBrightness",
      "adjustContrast",
      "adjustHue",
      "adjustSaturation",
      "augment",
      "batches",
      "clipByGlobalNorm",
      "colorJitter",
      "cropSample",
      "ema",
      "fit",
      "flipSample",
      "folderStore",
      "multilabelSoftMarginLoss",
      "polyLearningRate",
      "polySgd",
      "progressBar",
      "psaParameterGroups",
      "resizeSample",
      "sgd",
    ]
  `);
});
