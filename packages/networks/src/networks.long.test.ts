import '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { freeze } from './freeze';
import type { Network } from './make-network';
import { resnet50 } from './resnet';
import { resnet38d } from './resnet38d';
import { fill } from './test-support/fill';
import { normalised } from './test-support/normalised';
import { vgg16 } from './vgg16';

beforeAll(async () => expect(await setBackend('wasm')).toBe(true));

const strides: [string, (outputStride: 8 | 16 | 32) => Network, readonly (8 | 16 | 32)[]][] = [
  ['resnet38d', (outputStride) => resnet38d({ outputStride, initialise: false }), [8, 16, 32]],
  ['resnet50', (outputStride) => resnet50({ outputStride, dilated: true, initialise: false }), [8, 16, 32]],
  // fc6's dilation is an option of its own, counted in cells of its grid.
  [
    'vgg16',
    (outputStride) => vgg16({ outputStride: outputStride as 8, fc6Dilation: 32 / outputStride, initialise: false }),
    [8, 16],
  ],
];

test.each(strides)('%s: dilation sees what striding sees, and folding changes nothing', async (_, make, all) => {
  const results: { values: Float32Array; shape: number[]; stride: number }[] = [];
  for (const stride of all) {
    const network = make(stride);
    fill(network);
    const images = normalised(pattern(71, 90), network.preprocess);
    const y = network.forward(images)[network.classifierTap]!;
    expect(y.shape.slice(1, 3)).toEqual([Math.ceil(71 / stride), Math.ceil(90 / stride)]);
    const values = (await y.data()) as Float32Array;
    results.push({ values, shape: y.shape, stride });
    if (stride === 8) {
      const folded = freeze(network);
      const same = folded.forward(images)[network.classifierTap]!;
      expectClose((await same.data()) as Float32Array, values, (i) => i);
      for (const each of [folded, same]) each.dispose();
    }
    for (const each of [network, images, y]) each.dispose();
  }
  const fine = results[0]!;
  for (const coarse of results.slice(1)) {
    const step = coarse.stride / fine.stride;
    const [, , w, C] = coarse.shape as [number, number, number, number];
    const place = (i: number) => {
      const [c, x, y] = [i % C, Math.floor(i / C) % w, Math.floor(i / (C * w))];
      return (step * y * fine.shape[2]! + step * x) * C + c;
    };
    expectClose(coarse.values, fine.values, place);
  }
});

function expectClose(actual: Float32Array, expected: Float32Array, place: (index: number) => number) {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < actual.length; i++) {
    largest = Math.max(largest, Math.abs(expected[place(i)]!));
    difference = Math.max(difference, Math.abs(actual[i]! - expected[place(i)]!));
  }
  expect(largest).toBeGreaterThan(0);
  expect(difference / largest).toBeLessThan(1e-5);
}

function pattern(h: number, w: number) {
  const values = Uint8Array.from({ length: h * w * 3 }, (_, i) => 127 + 120 * Math.sin(i * 0.37) * Math.cos(i * 0.011));
  return { values, shape: [h, w, 3] };
}
