import { expect, test } from 'vitest';
import * as core from './index';

test('exports', () => {
  expect(Object.keys(core)).toMatchInlineSnapshot(`
    [
      "argmaxLabels",
      "centerCrop",
      "matchShape",
      "BackendError",
      "FormatError",
      "ShapeError",
      "ValueError",
      "WsssError",
      "flipHorizontal",
      "byteValues",
      "finiteValues",
      "hostValues",
      "imageValues",
      "numberValues",
      "BACKGROUND",
      "IGNORE",
      "VOC_CLASSES",
      "VOC_PALETTE",
      "normalizeImage",
      "CAFFE_PREPROCESS",
      "IMAGENET_PREPROCESS",
      "random",
      "resizeBicubic",
      "resizeBilinear",
      "resizeNearest",
      "roundHalfEven",
      "scaledSize",
      "hostTensor",
      "isHostTensor",
      "dtypeOf",
    ]
  `);
});
