import '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { freeze } from './freeze';
import type { Network } from './make-network';
import { resnet50, resnet101 } from './resnet';
import { resnet38d } from './resnet38d';
import { fill } from './test-support/fill';
import { normalised } from './test-support/normalised';
import { vgg16 } from './vgg16';

beforeAll(async () => expect(await setBackend('wasm')).toBe(true));

describe('resnet38d', () => {
  test('parameters as in the checkpoint, taps, logits, what trains', () => {
    const network = resnet38d({ classes: 20, initialise: false });
    // 229 entries in torch, 44 of them counters of batches.
    expect(network.parameters.size).toBe(229 - norms(network).length);
    expect(sizes(network)).toEqual({ all: 105_152_832, trainable: 104_284_160 });
    expect(network.parameters.get('b6.conv_branch2b1.weight')!.shape).toEqual([3, 3, 512, 1024]);
    expectTaps(network, 17, 26);
    const images = zeros([1, 17, 26, 3]) as Tensor4D;
    const logits = network.logits(images);
    expect(logits.shape).toEqual([1, 20]);
    for (const each of [images, logits, network]) each.dispose();
    expect(memory().numTensors).toBe(0);
  });
});

describe('vgg16', () => {
  test('parameters as in the checkpoint, taps at both strides', () => {
    const network = vgg16({ classes: 20, initialise: false });
    expect(network.parameters.size).toBe(31);
    expect(sizes(network)).toEqual({ all: 20_504_384, trainable: 20_244_224 });
    expect(network.activation).toBe('sqrtRelu');
    expectTaps(network, 33, 50);
    network.dispose();
    const coarse = vgg16({ outputStride: 16, initialise: false });
    expectTaps(coarse, 33, 50);
    coarse.dispose();
  });
});

describe('resnet50 and resnet101', () => {
  test('parameters as in the checkpoint, frozen as in SIPE', () => {
    const network = resnet50({ classes: 20, initialise: false });
    // 318 entries in torch with 53 counters of batches, and the classifier.
    expect(network.parameters.size).toBe(318 - 53 + 1);
    const side = 128 * 256 + 128 * 512 + 256 * 1024 + 256 * 2048;
    expect(sizes(network).all).toBe(24_433_728 - side);
    const still = [...network.parameters].filter(([name, v]) => !v.trainable && !name.includes('running'));
    // SIPE's record of parameters without gradient.
    expect(still.length).toBe(72);
    expect(still.every(([name]) => /^(conv1|bn1|layer[12])\b/.test(name))).toBe(true);
    expectTaps(network, 33, 50);
    network.dispose();
  });

  test.each([
    ['fc', 1000, 25_557_032],
    ['classifier', 20, 23_508_032 + 2048 * 20],
  ] as const)('head %s', (head, classes, all) => {
    const network = resnet50({ classes, head, initialise: false });
    expect(sizes(network).all).toBe(all);
    const images = zeros([1, 32, 32, 3]) as Tensor4D;
    const logits = network.logits(images);
    expect(logits.shape).toEqual([1, classes]);
    for (const each of [images, logits, network]) each.dispose();
  });

  test('resnet101 has its 101 layers, dilated to stride 8; folded it computes the same', async () => {
    const network = resnet101({ initialise: false });
    expect(sizes(network)).toEqual({ all: 42_500_160, trainable: 42_500_160 });
    fill(network);
    const folded = freeze(network);
    const images = normalised(pattern(32, 40), network.preprocess);
    const [a, b] = [network.forward(images).layer4!, folded.forward(images).layer4!];
    const [va, vb] = [await a.data(), await b.data()];
    const largest = [...va].reduce((m, v) => Math.max(m, v), 0);
    expect(largest).toBeGreaterThan(0);
    for (let i = 0; i < va.length; i++) expect(Math.abs(va[i]! - vb[i]!)).toBeLessThan(1e-5 * largest);
    for (const each of [images, a, b, network, folded]) each.dispose();
  });
});

test('pool5 of DeepLab-LargeFOV: a maximum and a mean of 3 × 3 after conv5, of the same size', async () => {
  const pooled = vgg16({ initialise: false, fc6Dilation: 12, pool5: true });
  const seen: string[] = [];
  const images = zeros([1, 33, 40, 3]) as Tensor4D;
  const { conv5fc } = pooled.forward(images, { onLayer: (name) => seen.push(name) });
  expect(conv5fc!.shape).toEqual([1, 5, 5, 1024]);
  expect(seen.slice(-5)).toEqual(['conv5_3', 'pool5', 'pool5a', 'fc6', 'fc7']);
  for (const each of [pooled, images, conv5fc!]) each.dispose();
});

test('options out of range', () => {
  expect(() => resnet38d({ outputStride: 4 as 8 })).toThrow(ValueError);
  expect(() => resnet38d({ frozen: 8 })).toThrow('`frozen` to be the number of a stage, 0 … 7, or a boolean, got 8.');
  expect(() => vgg16({ outputStride: 32 as 8 })).toThrow(ValueError);
  expect(() => vgg16({ fc6Dilation: 0 })).toThrow(ValueError);
  expect(() => resnet50({ head: 'none' as 'fc' })).toThrow(ValueError);
  expect(() => resnet101({ outputStride: 0 as 8 })).toThrow('resnet101: expected `outputStride`');
  expect(memory().numTensors).toBe(0);
});

const norms = (network: Network) => [...network.parameters.keys()].filter((name) => name.endsWith('running_var'));

function sizes(network: Network) {
  const learnt = [...network.parameters].filter(([name]) => !name.includes('running'));
  const sum = (members: typeof learnt) => members.reduce((total, [, v]) => total + v.size, 0);
  return { all: sum(learnt), trainable: sum(learnt.filter(([, v]) => v.trainable)) };
}

/** Every tap has the stride and channels it promises, on an image whose sides are no multiples. */
function expectTaps(network: Network, height: number, width: number) {
  const images = zeros([1, height, width, 3]) as Tensor4D;
  const before = memory().numTensors;
  const found = network.forward(images, { taps: Object.keys(network.taps) });
  expect(memory().numTensors).toBe(before + Object.keys(network.taps).length);
  for (const [tap, { stride, channels }] of Object.entries(network.taps)) {
    const expected = [1, Math.ceil(height / stride), Math.ceil(width / stride), channels];
    expect([tap, found[tap]!.shape]).toEqual([tap, expected]);
    found[tap]!.dispose();
  }
  images.dispose();
}

function pattern(h: number, w: number) {
  const values = Uint8Array.from({ length: h * w * 3 }, (_, i) => 127 + 120 * Math.sin(i * 0.37) * Math.cos(i * 0.011));
  return { values, shape: [h, w, 3] };
}
