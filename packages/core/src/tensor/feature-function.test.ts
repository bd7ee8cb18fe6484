import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  add,
  avgPool,
  memory,
  setBackend,
  type Tensor4D,
  tensor,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../errors';
import { normalizeImage } from '../normalize-image';
import { CAFFE_PREPROCESS } from '../preprocess';
import { random } from '../random';
import { hostTensor, isHostTensor } from '../tensor-like';
import type { Backbone } from './backbone';
import { classifierOf } from './classifier-of';
import { featureFunction } from './feature-function';

interface FakeBackbone extends Backbone {
  asked: { taps?: readonly string[]; training?: boolean }[];
}

/** A network of two pools: what it does can be checked by hand. */
function poolBackbone(head?: { name: string; weights: Variable }): FakeBackbone {
  const asked: FakeBackbone['asked'] = [];
  return {
    asked,
    taps: { half: { stride: 2, channels: 3 }, quarter: { stride: 4, channels: 3 } },
    classifierTap: 'quarter',
    parameters: new Map(head && [[head.name, head.weights]]),
    preprocess: CAFFE_PREPROCESS,
    activation: 'sqrtRelu',
    ...(head && { classifierWeights: head.name }),
    forward(images, { taps = ['quarter'], training = false } = {}) {
      asked.push({ taps, training });
      return tidy(() => {
        const pools: Record<string, Tensor4D> = {};
        for (const tap of taps) pools[tap] = avgPool(images, tap === 'half' ? 2 : 4, tap === 'half' ? 2 : 4, 'valid');
        return pools;
      });
    },
    dispose() {},
  };
}

const stream = random(1);
const image = hostTensor(
  Uint8Array.from({ length: 8 * 12 * 3 }, () => stream.integer(0, 255)),
  [8, 12, 3],
);

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  let before: number;
  beforeEach(() => {
    before = memory().numTensors;
  });

  describe('featureFunction', () => {
    test('normalises, runs in inference, and names what comes out', async () => {
      const backbone = poolBackbone();
      const features = await featureFunction(backbone, { taps: ['quarter', 'half'] })(image);
      expect(Object.keys(features).sort()).toEqual(['half', 'quarter']);
      expect(features.half!.shape).toEqual([4, 6, 3]);
      expect(features.quarter!.shape).toEqual([2, 3, 3]);
      expect(backbone.asked).toEqual([{ taps: ['quarter', 'half'], training: false }]);
      expect(Object.values(features).every(isHostTensor)).toBe(true);
      expect(memory().numTensors).toBe(before);

      const { values } = await normalizeImage(image, CAFFE_PREPROCESS);
      const corner = [0, 1, 12, 13].reduce((sum, pixel) => sum + values[pixel * 3 + 2]! / 4, 0);
      expect(Math.abs(Number((await features.half!.data())[2]) - corner)).toBeLessThan(1e-4);
    });

    test('returns the classifier’s tap by default, and takes a tensor', async () => {
      const run = featureFunction(poolBackbone());
      const photo = tensor(Int32Array.from(image.values), [8, 12, 3], 'int32');
      const [fromTensor, fromHost] = [await run(photo), await run(image)];
      expect(Object.keys(fromTensor)).toEqual(['quarter']);
      expect(await fromTensor.quarter!.data()).toEqual(await fromHost.quarter!.data());
      expect(photo.isDisposed).toBe(false);
      photo.dispose();
    });

    test('leaves tensors on the backend if asked', async () => {
      const backbone = poolBackbone();
      const features = await featureFunction(backbone, { taps: ['half', 'quarter'], output: 'tensor' })(image);
      expect(memory().numTensors).toBe(before + 2);
      const host = await featureFunction(backbone, { taps: ['half'] })(image);
      expect(await features.half!.data()).toEqual(await host.half!.data());
      for (const feature of Object.values(features)) feature.dispose();
    });

    test('refuses taps that there are not, and images that are none', async () => {
      const backbone = poolBackbone();
      expect(() => featureFunction(backbone, { taps: ['layer4'] })).toThrow(
        "featureFunction: expected `taps` to name taps of the network, got 'layer4'.\nThe network has half, quarter.",
      );
      expect(() => featureFunction(backbone, { taps: [] })).toThrow(ValueError);
      expect(() => featureFunction(backbone, { output: 'gpu' as 'host' })).toThrow(
        "to be 'host' or 'tensor', got 'gpu'",
      );
      await expect(featureFunction(backbone)(hostTensor(new Uint8Array(4), [2, 2]))).rejects.toThrow(ShapeError);
      const dark = hostTensor(Float32Array.of(-1, 0, 0), [1, 1, 3]);
      await expect(featureFunction(backbone)(dark)).rejects.toThrow('to be in 0..255 at [0, 0, 0], got -1.');
      expect(memory().numTensors).toBe(before);
    });

    test('leaves nothing behind when the network throws', async () => {
      const backbone = poolBackbone();
      backbone.forward = (images) => {
        add(images, 1);
        throw new RangeError('too small');
      };
      await expect(featureFunction(backbone)(image)).rejects.toThrow(RangeError);
      expect(memory().numTensors).toBe(before);
    });
  });

  describe('classifierOf', () => {
    const head = (values: number[], shape: number[]) => ({
      name: 'fc8.weight',
      weights: tidy(() => variable(tensor(values, shape))) as Variable,
    });

    test.for([[[1, 1, 3, 2]], [[3, 2]]])('turns weights %j into [C, F]', async ([shape]) => {
      const fc = head([1, 2, 3, 4, 5, 6], shape!);
      const classifier = classifierOf(poolBackbone(fc));
      expect(classifier).toMatchObject({ tap: 'quarter', activation: 'sqrtRelu' });
      expect(classifier.weights).toMatchObject({ shape: [2, 3], dtype: 'float32' });
      expect(await classifier.weights.data()).toEqual(Float32Array.of(1, 3, 5, 2, 4, 6));
      expect(Object.keys(await classifier.features(image))).toEqual(['quarter']);
      fc.weights.dispose();
    });

    test('shows the weights of the moment they are read', async () => {
      const fc = head([1, 2, 3, 4, 5, 6], [3, 2]);
      const { weights } = classifierOf(poolBackbone(fc));
      tidy(() => fc.weights.assign(tensor([6, 5, 4, 3, 2, 1], [3, 2])));
      expect(await weights.data()).toEqual(Float32Array.of(6, 4, 2, 5, 3, 1));
      fc.weights.dispose();
    });

    test('refuses networks without a linear head', () => {
      expect(() => classifierOf(poolBackbone())).toThrow(
        'classifierOf: expected `backbone.classifierWeights` to name one of its parameters, got undefined.\nMake the network',
      );
      for (const shape of [[3, 3, 3, 2], [1, 1, 2, 3], [54]]) {
        const fc = head(Array(shape.reduce((a, b) => a * b)).fill(0), shape);
        expect(() => classifierOf(poolBackbone(fc))).toThrow('to have weights [1, 1, 3, C] or [3, C], got [');
        fc.weights.dispose();
      }
    });
  });
});
