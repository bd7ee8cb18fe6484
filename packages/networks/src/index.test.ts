import { expect, test } from 'vitest';
import * as networks from './index';
import * as onnx from './onnx';

test('exports', () => {
  expect(Object.keys(networks).sort()).toMatchInlineSnapshot(`
    [
      "TENSORFLOW_PREPROCESS",
      "describe",
      "freeze",
      "loadPretrained",
      "loadWeights",
      "mobilenetV2",
      "resnet101",
      "resnet38d",
      "resnet50",
      "stateDict",
      "vgg16",
    ]
  `);
  expect(Object.keys(onnx).sort()).toMatchInlineSnapshot(`
    [
      "onnxFeatures",
    ]
  `);
});
