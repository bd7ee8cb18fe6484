import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

test('needs no TensorFlow.js, nor does ./kernels', () => {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const files = ['', 'kernels/']
    .flatMap((folder) => readdirSync(`${cwd}${folder}`).map((file) => `${folder}${file}`))
    .filter((file) => /(?<!\.test)\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const text = readFileSync(`${cwd}${file}`, 'utf8');
    expect(text, file).not.toMatch(/from '(@tensorflow|\.{1,2}\/(tensor|layers)(\/|'))/);
  }
});
