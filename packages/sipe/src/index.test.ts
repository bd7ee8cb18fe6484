import { expect, test } from 'vitest';
import * as sipe from './index';
import * as kernels from './kernels/index';
import * as tensors from './tensor/index';
import * as training from './train/index';

test('the names that are exported', () => {
  expect(Object.keys(sipe).sort()).toMatchInlineSnapshot(`
    [
      "MOBILENET_SIDES",
      "RESNET_SIDES",
      "SipeNet",
      "addMirrored",
      "backgroundCam",
      "classifierView",
      "explorePrototypes",
      "fuseIsCams",
      "hierarchicalFeatures",
      "imageSpecificCam",
      "multiScaleIsCam",
      "prototypes",
      "structureMap",
      "structureSeeds",
    ]
  `);
  expect(Object.keys(tensors).sort()).toMatchInlineSnapshot(`
    [
      "backgroundCam",
      "explorePrototypes",
      "gscLoss",
      "hierarchicalFeatures",
      "imageSpecificCam",
      "prototypes",
      "structureMap",
      "structureSeeds",
    ]
  `);
  expect(Object.keys(training).sort()).toMatchInlineSnapshot(`
    [
      "SIPE_RECIPE",
      "sipeLoss",
      "sipeOptimizer",
      "trainSipe",
    ]
  `);
  expect(Object.keys(kernels).sort()).toMatchInlineSnapshot(`
    [
      "addMirrored",
      "allFinite",
      "backgroundCam",
      "chooseSeeds",
      "classMaps",
      "cosines",
      "divideByMaximum",
      "normalizeCells",
      "overlapRatio",
      "pickChannels",
      "prototypes",
      "structureBlock",
      "structureOverlap",
      "validMask",
    ]
  `);
});
