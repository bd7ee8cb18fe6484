import '@tensorflow/tfjs-backend-cpu';
import { memory, ones, setBackend, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ValueError } from '../errors';
import { random } from '../random';
import { hostTensor } from '../tensor-like';
import { channelDropout } from './channel-dropout';
import * as layers from './index';
import { constantValue, kaimingNormal, kaimingUniform, normalValues, xavierUniform } from './initialisers';
import { namedLayers } from './named-layers';
import { parameter, parameterBuilder } from './parameter-builder';

beforeAll(() => setBackend('cpu'));

describe('initialisers have the moments that torch gives theirs', () => {
  const filter = [3, 3, 40, 60];
  const fanIn = 360;
  const fanOut = 540;
  test.each([
    ['kaimingNormal', kaimingNormal(), Math.sqrt(2 / fanIn)],
    ['kaimingNormal, fan out', kaimingNormal({ fan: 'out' }), Math.sqrt(2 / fanOut)],
    ['kaimingUniform', kaimingUniform(), 1 / Math.sqrt(3 * fanIn)],
    ['kaimingUniform, a = 0', kaimingUniform({ a: 0 }), Math.sqrt(2 / fanIn)],
    ['xavierUniform', xavierUniform(), Math.sqrt(2 / (fanIn + fanOut))],
    ['xavierUniform, gain 4', xavierUniform({ gain: 4 }), 4 * Math.sqrt(2 / (fanIn + fanOut))],
    ['normalValues', normalValues(0.01), 0.01],
  ] as const)('%s', (name, initialiser, deviation) => {
    const values = initialiser(filter, random(1));
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / values.length);
    // 21,600 values: the standard error of the mean is 0.7 % of the deviation, that of the deviation 0.5 %.
    expect(Math.abs(mean)).toBeLessThan(0.03 * deviation);
    expect(spread / deviation).toBeGreaterThan(0.98);
    expect(spread / deviation).toBeLessThan(1.02);
    if (name.includes('niform')) {
      const largest = values.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
      expect(largest).toBeLessThanOrEqual(Math.fround(deviation * Math.sqrt(3)));
      expect(largest).toBeGreaterThan(0.99 * deviation * Math.sqrt(3));
    }
    expect(initialiser(filter, random(1))).toEqual(values);
  });

  test('a vector has no fan', () => {
    expect(() => kaimingNormal()([8], random(1))).toThrow(ValueError);
    expect([...constantValue(2)([2], random(1))]).toEqual([2, 2]);
  });
});

describe('channelDropout', () => {
  test('drops whole channels, keeps the mean, and repeats with its seed', async () => {
    const x = ones([4, 3, 2, 500]);
    const before = memory().numTensors;
    const a = channelDropout(x, 0.3, { seed: 9 });
    expect(memory().numTensors).toBe(before + 1);
    const b = channelDropout(x, 0.3, { seed: 9 });
    const c = channelDropout(x, 0.3, { seed: 10 });
    const stream = random(9);
    const d = channelDropout(x, 0.3, { seed: stream });
    const e = channelDropout(x, 0.3, { seed: stream });
    const [va, vb, vc, vd, ve] = await Promise.all([a, b, c, d, e].map((t) => t.data()));
    expect(vb).toEqual(va);
    expect(vc).not.toEqual(va);
    expect(vd).toEqual(va);
    expect(ve).not.toEqual(va);
    let dropped = 0;
    for (let n = 0; n < 4; n++) {
      for (let k = 0; k < 500; k++) {
        const first = va![n * 3000 + k]!;
        for (let cell = 0; cell < 6; cell++) expect(va![n * 3000 + cell * 500 + k]).toBe(first);
        if (first === 0) dropped++;
        else expect(first).toBeCloseTo(1 / 0.7, 6);
      }
    }
    // Binomial: 600 expected of 2,000, standard deviation 20.
    expect(Math.abs(dropped - 600)).toBeLessThan(80);
    for (const t of [x, a, b, c, d, e]) t.dispose();
  });

  test('says what is wrong', () => {
    const x = hostTensor(new Float32Array(1), [1, 1, 1, 1]);
    expect(() => channelDropout(x, 1, { seed: 1 })).toThrow('`rate` to be in [0, 1), got 1.');
    expect(() => channelDropout(x, 0.5, { seed: 0.5 })).toThrow(ValueError);
    expect(() => channelDropout(x, 0.5, {} as { seed: number })).toThrow(ValueError);
  });
});

describe('parameterBuilder', () => {
  const declare = (seed: number) => {
    const builder = parameterBuilder({ seed });
    const features = builder.scope('features').scope('0');
    features.conv2d('0', { in: 4, out: 6, kernel: [3, 1], groups: 2, bias: true });
    features.batchNorm('1', 6, { trainable: false });
    builder.linear('classifier', { in: 6, out: 3 });
    builder.groupNorm('norm', 6);
    return builder;
  };

  test('names, shapes, first values, trainable flags', async () => {
    const before = memory().numTensors;
    const builder = declare(1);
    expect([...builder.parameters].map(([name, v]) => `${name} [${v.shape}]${v.trainable ? '' : ' frozen'}`)).toEqual([
      'features.0.0.weight [3,1,2,6]',
      'features.0.0.bias [6]',
      'features.0.1.weight [6] frozen',
      'features.0.1.bias [6] frozen',
      'features.0.1.running_mean [6] frozen',
      'features.0.1.running_var [6] frozen',
      'classifier.weight [6,3]',
      'classifier.bias [3]',
      'norm.weight [6]',
      'norm.bias [6]',
    ]);
    expect(memory().numTensors).toBe(before + 10);
    expect([...(await parameter(builder.parameters, 'features.0.1.running_var').data())]).toEqual([1, 1, 1, 1, 1, 1]);
    builder.dispose();
    builder.dispose();
    expect(memory().numTensors).toBe(before);
    expect(() => parameter(builder.parameters, 'norm.bias')).toThrow('was it disposed?');
  });

  test('each name has its own stream: equal seeds agree, whatever else is declared', async () => {
    const [a, b] = [declare(1), declare(2)];
    const alone = parameterBuilder({ seed: 1 });
    alone.linear('classifier', { in: 6, out: 3 });
    const read = (from: typeof a) => parameter(from.parameters, 'classifier.weight').data();
    expect(await read(alone)).toEqual(await read(a));
    expect(await read(b)).not.toEqual(await read(a));
    for (const builder of [a, b, alone]) builder.dispose();
  });

  test('values may be left at zero', async () => {
    const builder = parameterBuilder({ seed: 1, initialise: false });
    builder.linear('x', { in: 2, out: 2 });
    builder.batchNorm('y', 1);
    expect([...(await parameter(builder.parameters, 'x.weight').data())]).toEqual([0, 0, 0, 0]);
    expect([...(await parameter(builder.parameters, 'y.weight').data())]).toEqual([1]);
    builder.dispose();
  });

  test('says what is wrong', () => {
    const builder = parameterBuilder({ seed: 1 });
    builder.linear('x', { in: 2, out: 2 });
    expect(() => builder.linear('x', { in: 2, out: 2 })).toThrow("`name` to be new, got 'x.weight'.");
    expect(() => builder.conv2d('y', { in: 3, out: 4, kernel: 1, groups: 2 })).toThrow(ValueError);
    expect(() => parameter(builder.parameters, 'z')).toThrow("got 'z'.\nIt has 2, among them 'x.weight'.");
    expect(() => parameterBuilder({ seed: 0.5 })).toThrow(ValueError);
    builder.dispose();
  });
});

test('namedLayers finds parameters and tells of every layer', async () => {
  const builder = parameterBuilder({ seed: 4 });
  builder.conv2d('conv', { in: 2, out: 4, kernel: 3, bias: true });
  builder.batchNorm('bn', 4);
  builder.groupNorm('gn', 4);
  builder.linear('fc', { in: 4, out: 2 });
  const x = hostTensor(
    Float32Array.from({ length: 50 }, (_, i) => Math.sin(i)),
    [1, 5, 5, 2],
  );
  const seen: string[] = [];
  const before = memory().numTensors;
  const scores = tidy(() => {
    const layer = namedLayers(builder.parameters, { onLayer: (name, y) => seen.push(`${name} [${y.shape}]`) });
    let y = layer.conv2d('conv', x, { stride: 2, padding: 1 });
    y = layer.batchNorm('bn', y);
    y = layer.batchNorm('bn', y, { trained: true });
    y = layer.told('sum', layer.groupNorm('gn', y, { groups: 2 }));
    return layer.linear('fc', layers.globalAveragePool(y));
  });
  expect(memory().numTensors).toBe(before + 1);
  expect(seen).toEqual(['conv [1,3,3,4]', 'bn [1,3,3,4]', 'bn [1,3,3,4]', 'gn [1,3,3,4]', 'sum [1,3,3,4]', 'fc [1,2]']);
  expect([...(await parameter(builder.parameters, 'bn.running_mean').data())].some((v) => v !== 0)).toBe(true);
  expect(() => namedLayers(builder.parameters).conv2d('none', x)).toThrow("got 'none.weight'.");
  scores.dispose();
  builder.dispose();
});

test('exports', () => {
  expect(Object.keys(layers).sort()).toMatchInlineSnapshot(`
    [
      "averagePool2d",
      "batchNorm",
      "channelDropout",
      "constantValue",
      "conv2d",
      "globalAveragePool",
      "groupNorm",
      "kaimingNormal",
      "kaimingUniform",
      "linear",
      "maxPool2d",
      "namedLayers",
      "normalValues",
      "parameter",
      "parameterBuilder",
      "trainedBatchNorm",
      "uniformValues",
      "xavierUniform",
    ]
  `);
});
