import { memory, type Scalar, sum, type Tensor4D, tensor4d, tidy, variableGrads, zeros } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { random, ShapeError, ValueError } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { compactSegmentation } from './compact-segmentation';
import { deeplabLargeFov } from './deeplab-large-fov';
import { deeplabV2 } from './deeplab-v2';
import { deeplabV3, TENSORFLOW_DEEPLAB } from './deeplab-v3';
import { deeplabV3Plus } from './deeplab-v3-plus';
import { resnet38Segmentation } from './resnet38-segmentation';
import type { SegmentationNetwork } from './segmentation-network';
import { smallBackbone } from './small-backbone.fixture';

beforeAll(async () => void (await useBackend('wasm')));

const images = () => {
  const stream = random(2);
  return tensor4d(
    Float32Array.from({ length: 2 * 40 * 33 * 3 }, () => stream.normal()),
    [2, 40, 33, 3],
  );
};

const MAKERS: Record<string, { make: (backbone: Backbone, seed?: number) => SegmentationNetwork; stride: number }> = {
  compactSegmentation: {
    make: (backbone, seed) =>
      compactSegmentation(backbone, { classes: 4, width: 8, groups: 4, hidden: 8, dilations: [1, 2], seed }),
    stride: 8,
  },
  deeplabLargeFov: { make: (backbone, seed) => deeplabLargeFov(backbone, { classes: 4, seed }), stride: 8 },
  deeplabV2: { make: (backbone, seed) => deeplabV2(backbone, { classes: 4, rates: [1, 2], seed }), stride: 8 },
  deeplabV3: {
    make: (backbone, seed) => deeplabV3(backbone, { classes: 4, width: 8, rates: [1, 2], seed }),
    stride: 8,
  },
  deeplabV3Plus: {
    make: (backbone, seed) => deeplabV3Plus(backbone, { classes: 4, width: 8, lowWidth: 4, rates: [1, 2], seed }),
    stride: 4,
  },
  resnet38Segmentation: {
    make: (backbone, seed) => resnet38Segmentation(backbone, { classes: 4, width: 8, dilation: 2, seed }),
    stride: 8,
  },
};

describe.for(Object.entries(MAKERS))('%s', ([name, { make, stride }]) => {
  test('gives scores at its stride, and probabilities of every pixel, and keeps nothing else', async () => {
    const backbone = smallBackbone();
    const network = make(backbone);
    const x = images();
    const before = memory().numTensors;
    const cells = network.forward(x);
    const probabilities = network.probabilities(x);
    expect(memory().numTensors).toBe(before + 2);
    expect(cells.shape).toEqual([2, Math.ceil(40 / stride), Math.ceil(33 / stride), 4]);
    expect(probabilities.shape).toEqual([2, 40, 33, 4]);
    for (const total of await sum(probabilities, 3).data()) expect(total).toBeCloseTo(1, 5);
    expect(network.name).toBe(name);
    for (const each of [x, cells, probabilities]) each.dispose();
  });

  test('every parameter of the head and of the backbone gets a gradient; running statistics do not train', () => {
    const network = make(smallBackbone());
    const x = images();
    const trainable = [...network.parameters].filter(([, variable]) => variable.trainable);
    expect(trainable.length).toBe([...network.parameters.keys()].filter((key) => !key.includes('running')).length);
    const { grads } = tidy(() =>
      variableGrads(
        () => sum(network.logits(x, { training: true, seed: 1 })) as Scalar,
        trainable.map(([, variable]) => variable),
      ),
    );
    for (const [key, { name: id }] of trainable) expect([key, id in grads]).toEqual([key, true]);
  });

  test('equal seeds give equal networks; disposing takes the head, not the backbone', async () => {
    const backbone = smallBackbone();
    const before = memory().numTensors;
    const [a, b, c] = [make(backbone, 1), make(backbone, 1), make(backbone, 2)];
    const key = [...a!.newParameters].find((each) => each.endsWith('.weight') && a!.parameters.get(each)!.rank === 4)!;
    expect(await a!.parameters.get(key)!.data()).toEqual(await b!.parameters.get(key)!.data());
    expect(await a!.parameters.get(key)!.data()).not.toEqual(await c!.parameters.get(key)!.data());
    for (const each of [a, b, c]) each!.dispose();
    expect(memory().numTensors).toBe(before);
    expect(backbone.parameters.get('one.weight')!.isDisposed).toBe(false);
    expect(() => a!.forward(zeros([1, 16, 16, 3]) as Tensor4D)).toThrow('was it disposed?');
  });

  test('refuses a tap that is not there, and too few classes', () => {
    const backbone = smallBackbone();
    expect(() => make({ ...backbone, taps: {} })).toThrow(ValueError);
    expect(() => make(backbone).forward(zeros([1, 16, 16, 1]) as Tensor4D)).toThrow(ShapeError);
  });
});

test('parameters have the names of the state dictionaries of the field', () => {
  const names = (network: SegmentationNetwork) =>
    [...network.newParameters].filter((key) => !/running|\d\.bias/.test(key) || /4\.bias/.test(key));
  const backbone = smallBackbone();
  expect(names(deeplabV3(backbone, { classes: 3, width: 4, rates: [2, 3] }))).toEqual([
    'classifier.0.convs.0.0.weight',
    'classifier.0.convs.0.1.weight',
    'classifier.0.convs.1.0.weight',
    'classifier.0.convs.1.1.weight',
    'classifier.0.convs.2.0.weight',
    'classifier.0.convs.2.1.weight',
    'classifier.0.convs.3.1.weight',
    'classifier.0.convs.3.2.weight',
    'classifier.0.project.0.weight',
    'classifier.0.project.1.weight',
    'classifier.1.weight',
    'classifier.2.weight',
    'classifier.4.weight',
    'classifier.4.bias',
  ]);
  expect([...deeplabV2(backbone, { classes: 3 }).newParameters]).toEqual(
    [0, 1, 2, 3].flatMap((i) => [`aspp.c${i}.weight`, `aspp.c${i}.bias`]),
  );
  const light = deeplabV3(backbone, { classes: 3, ...TENSORFLOW_DEEPLAB });
  expect([...light.newParameters].filter((key) => key.endsWith('.bias'))).toHaveLength(4);
  expect([...light.parameters.keys()].slice(0, 2)).toEqual(['backbone.one.weight', 'backbone.one.bias']);
});

test('dropout needs a seed, and equal seeds drop alike', async () => {
  const network = deeplabLargeFov(smallBackbone(), { classes: 3 });
  const x = images();
  expect(() => network.forward(x, { training: true })).toThrow('seed');
  const run = async (seed: number) => await network.forward(x, { training: true, seed }).data();
  expect(await run(1)).toEqual(await run(1));
  expect(await run(1)).not.toEqual(await run(2));
});

test('settings out of range', () => {
  const backbone = smallBackbone();
  expect(() => compactSegmentation(backbone, { classes: 1 })).toThrow('the background included');
  expect(() => compactSegmentation(backbone, { classes: 3, width: 10, groups: 4 })).toThrow('to divide');
  expect(() => compactSegmentation(backbone, { classes: 3, dropout: 1 })).toThrow(ValueError);
  expect(() => deeplabV2(backbone, { classes: 3, rates: [] })).toThrow(ValueError);
  expect(() => deeplabV3(backbone, { classes: 3, rates: [0] })).toThrow(ValueError);
  expect(() => deeplabV3(backbone, { classes: 3, norm: 'layer' as 'none' })).toThrow("'batch' or 'none'");
  expect(() => deeplabV3Plus(backbone, { classes: 3, lowTap: 'nowhere' })).toThrow('one, two, three');
  expect(() => deeplabV3Plus({ ...backbone, taps: { three: backbone.taps.three! } }, { classes: 3 })).toThrow('lowTap');
  expect(() => resnet38Segmentation(backbone, { classes: 3, dilation: 0 })).toThrow(ValueError);
});
