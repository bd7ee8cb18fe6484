import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import { add, concat, max, relu, setBackend, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS } from '@wsss/core';
import {
  globalAveragePool,
  maxPool2d,
  type NamedLayers,
  namedLayers,
  type ParameterBuilder,
  parameterBuilder,
} from '@wsss/core/layers';
import { readStateDict } from '@wsss/formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWeights } from './load-weights';
import { normalised } from './test-support/normalised';
import { readPng } from './test-support/read-png';
import { haveWeights, shared } from './test-support/shared';

/** Networks that this package does not hold, written from the layers of core in the way its own are. */
const FIRES = [3, 4, 6, 7, 9, 10, 11, 12];
const POOLED_BEFORE = [3, 6, 9];

function declareSqueezenet(builder: ParameterBuilder): void {
  builder.conv2d('features.0', { in: 3, out: 64, kernel: 3, bias: true });
  let channels = 64;
  FIRES.forEach((at, i) => {
    const squeeze = 16 * (1 + Math.floor(i / 2));
    const expand = 4 * squeeze;
    const fire = builder.scope(`features.${at}`);
    fire.conv2d('squeeze', { in: channels, out: squeeze, kernel: 1, bias: true });
    fire.conv2d('expand1x1', { in: squeeze, out: expand, kernel: 1, bias: true });
    fire.conv2d('expand3x3', { in: squeeze, out: expand, kernel: 3, bias: true });
    channels = 2 * expand;
  });
  builder.conv2d('classifier.1', { in: channels, out: 1000, kernel: 1, bias: true });
}

function squeezenet(layer: NamedLayers, images: Tensor4D) {
  let x = layer.conv2d('features.0', images, { stride: 2, activation: 'relu' });
  for (const at of FIRES) {
    if (POOLED_BEFORE.includes(at)) x = maxPool2d(x, 3, { stride: 2, ceilMode: true });
    const squeezed = layer.conv2d(`features.${at}.squeeze`, x, { activation: 'relu' });
    const narrow = layer.conv2d(`features.${at}.expand1x1`, squeezed, { activation: 'relu' });
    x = concat([narrow, layer.conv2d(`features.${at}.expand3x3`, squeezed, { padding: 1, activation: 'relu' })], 3);
  }
  return { features: x, logits: globalAveragePool(layer.conv2d('classifier.1', x, { activation: 'relu' })) };
}

const UNITS = [3, 4, 6];

function declareResnet50v2(builder: ParameterBuilder): void {
  builder.batchNorm('bn_in', 3);
  builder.conv2d('conv0', { in: 3, out: 64, kernel: 7 });
  builder.batchNorm('bn0', 64);
  let channels = 64;
  UNITS.forEach((count, s) => {
    const middle = 64 << s;
    for (let u = 0; u < count; u++) {
      const unit = builder.scope(`layer${s + 1}.${u}`);
      unit.batchNorm('bn1', channels);
      unit.conv2d('conv1', { in: channels, out: middle, kernel: 1 });
      unit.batchNorm('bn2', middle);
      unit.conv2d('conv2', { in: middle, out: middle, kernel: 3 });
      unit.batchNorm('bn3', middle);
      unit.conv2d('conv3', { in: middle, out: 4 * middle, kernel: 1 });
      if (u === 0) unit.conv2d('downsample', { in: channels, out: 4 * middle, kernel: 1 });
      channels = 4 * middle;
    }
  });
  builder.batchNorm('bn_out', channels);
}

function resnet50v2(layer: NamedLayers, images: Tensor4D): Tensor4D {
  const active = (norm: string, x: Tensor4D) => relu(layer.batchNorm(norm, x));
  let x = active('bn0', layer.conv2d('conv0', layer.batchNorm('bn_in', images), { stride: 2, padding: 3 }));
  x = maxPool2d(x, 3, { stride: 2, padding: 1 });
  UNITS.forEach((count, s) => {
    for (let u = 0; u < count; u++) {
      const name = `layer${s + 1}.${u}`;
      const stride = u === 0 && s > 0 ? 2 : 1;
      const a = active(`${name}.bn1`, x);
      const shortcut = u === 0 ? layer.conv2d(`${name}.downsample`, a, { stride }) : x;
      let y = active(`${name}.bn2`, layer.conv2d(`${name}.conv1`, a));
      y = active(`${name}.bn3`, layer.conv2d(`${name}.conv2`, y, { stride, padding: 1 }));
      x = add(layer.conv2d(`${name}.conv3`, y), shortcut);
    }
  });
  return active('bn_out', x);
}

beforeAll(async () => expect(await setBackend('wasm')).toBe(true));

describe.skipIf(!haveWeights)('networks from layers, with the weights in ../shared', () => {
  interface Figures {
    map_shape: number[];
    pooled_first5: number[];
    pooled_sum: number;
    pooled_l2: number;
    map_max: number;
  }
  type Expected = Record<string, Record<string, Figures | [number, string, number][]>>;
  const expected: Expected = haveWeights
    ? JSON.parse(readFileSync(shared('data/weights/expected.json'), 'utf8')).imagenet
    : {};
  const photos = Object.keys(expected);
  const image = (photo: string) =>
    normalised(readPng(shared(`data/photos/inputs/${photo.split('.')[0]}_224.png`)), IMAGENET_PREPROCESS);

  async function load(declareLayers: (builder: ParameterBuilder) => void, file: string) {
    const builder = parameterBuilder({ seed: 0, initialise: false });
    declareLayers(builder);
    await loadWeights(builder, await readStateDict(shared(`data/weights/${file}`)));
    return builder;
  }

  /** Relative to the size of the sums: the reference printed five digits. */
  async function expectMap(map: Tensor4D, figures: Figures) {
    const [n, C, h, w] = figures.map_shape;
    expect(map.shape).toEqual([n, h, w, C]);
    const [pooled, largest] = tidy(() => [globalAveragePool(map), max(map)]);
    const values = [...(await pooled.data())];
    const size = figures.pooled_l2;
    figures.pooled_first5.forEach((v, i) => void expect(Math.abs(values[i]! - v)).toBeLessThan(1e-3));
    expect(Math.abs(values.reduce((a, b) => a + b, 0) - figures.pooled_sum) / figures.pooled_sum).toBeLessThan(1e-4);
    expect(Math.abs(Math.sqrt(values.reduce((a, b) => a + b * b, 0)) - size) / size).toBeLessThan(1e-4);
    expect(Math.abs((await largest.data())[0]! - figures.map_max) / figures.map_max).toBeLessThan(1e-3);
    pooled.dispose();
    largest.dispose();
  }

  test.each(['pth', 'safetensors'])('SqueezeNet 1.1 from .%s: the five best logits within 1e-2', async (format) => {
    const builder = await load(declareSqueezenet, `squeezenet1_1.${format}`);
    for (const photo of photos) {
      const images = image(photo);
      const { features, logits } = tidy(() => squeezenet(namedLayers(builder.parameters), images));
      const values = await logits.data();
      const best = expected[photo]!['squeezenet1_1@224'] as [number, string, number][];
      const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
      expect(order.slice(0, 5)).toEqual(best.map(([index]) => index));
      for (const [index, , logit] of best) expect(Math.abs(values[index]! - logit)).toBeLessThan(1e-2);
      await expectMap(features, expected[photo]!['squeezenet1_1.features@224'] as Figures);
      for (const t of [images, features, logits]) t.dispose();
    }
    builder.dispose();
  });

  test('ResNet-50 v2 up to stage 3, stored as half floats', async () => {
    const builder = await load(declareResnet50v2, 'resnet50v2_to_stage3_f16.safetensors');
    for (const photo of photos) {
      const images = image(photo);
      const map = tidy(() => resnet50v2(namedLayers(builder.parameters), images));
      await expectMap(map, expected[photo]!['resnet50v2_to_stage3@224'] as Figures);
      for (const t of [images, map]) t.dispose();
    }
    builder.dispose();
  });
});
