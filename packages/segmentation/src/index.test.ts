import { expect, test } from 'vitest';
import * as segmentation from './index';
import * as train from './train/index';

test('the names that are exported', () => {
  expect(Object.keys(segmentation).sort()).toMatchInlineSnapshot(`
    [
      "TENSORFLOW_DEEPLAB",
      "balancedSeedLoss",
      "bootstrappedCrossEntropy",
      "compactSegmentation",
      "crossEntropy",
      "deeplabLargeFov",
      "deeplabV2",
      "deeplabV3",
      "deeplabV3Plus",
      "diceLoss",
      "exportGraphModel",
      "gateByClassifier",
      "generalisedCrossEntropy",
      "ohemCrossEntropy",
      "predict",
      "resnet38Segmentation",
      "tensorflowDeeplabWeights",
    ]
  `);
  expect(Object.keys(train).sort()).toMatchInlineSnapshot(`
    [
      "COMPACT_TRAINING",
      "DEEPLAB_LARGE_FOV_TRAINING",
      "DEEPLAB_V2_TRAINING",
      "DEEPLAB_V3_PLUS_TRAINING",
      "RESNET38_TRAINING",
      "trainSegmentation",
    ]
  `);
});
