import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import { memory, setBackend, type Tensor4D, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { globalAveragePool } from '@wsss/core/layers';
import { readStateDict } from '@wsss/formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { freeze } from './freeze';
import { loadWeights } from './load-weights';
import { mobilenetV2 } from './mobilenet-v2';
import { TENSORFLOW_PREPROCESS } from './preprocess';
import { normalised } from './test-support/normalised';
import { readPng } from './test-support/read-png';
import { haveWeights, shared } from './test-support/shared';

beforeAll(async () => expect(await setBackend('wasm')).toBe(true));

const PHOTOS = ['chelsea', 'coffee', 'tfjs_elephants'];

describe('mobilenetV2', () => {
  test.each([
    [32, [1, 1280, 3, 4]],
    [16, [1, 1280, 5, 7]],
    [8, [1, 1280, 9, 13]],
  ] as const)('output stride %i: taps have the stride and channels they promise', (outputStride, [, C, h, w]) => {
    const network = mobilenetV2({ outputStride, initialise: false });
    const images = zeros([1, 65, 97, 3]) as Tensor4D;
    const before = memory().numTensors;
    const names = Object.keys(network.taps);
    const taps = network.forward(images, { taps: names });
    expect(memory().numTensors).toBe(before + 19);
    for (const name of names) {
      const { stride, channels } = network.taps[name]!;
      expect([name, taps[name]!.shape]).toEqual([name, [1, Math.ceil(65 / stride), Math.ceil(97 / stride), channels]]);
      taps[name]!.dispose();
    }
    expect(taps['features.18']!.shape).toEqual([1, h, w, C]);
    expect(network.taps['features.3']).toEqual({ stride: 4, channels: 24 });
    images.dispose();
    network.dispose();
  });

  test('dilation sees what striding sees: every second cell at stride 16 is the cell at stride 32', async () => {
    const [fine, coarse] = [
      mobilenetV2({ outputStride: 16, seed: 3, widthMultiplier: 0.5 }),
      mobilenetV2({ outputStride: 32, seed: 3, widthMultiplier: 0.5 }),
    ];
    const images = normalised(pattern(96, 64), fine.preprocess);
    const a = fine.forward(images)['features.18']!;
    const b = coarse.forward(images)['features.18']!;
    const [va, vb] = [await a.data(), await b.data()];
    const [, h, w, C] = b.shape;
    let largest = 0;
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        for (let c = 0; c < C; c++) {
          const same = va[(2 * y * a.shape[2] + 2 * x) * C + c]! - vb[(y * w + x) * C + c]!;
          largest = Math.max(largest, Math.abs(same));
        }
    expect(largest).toBeLessThan(1e-5);
    for (const t of [images, a, b, fine, coarse]) t.dispose();
  });

  test('the folded network computes the same, with norms that do something', async () => {
    const network = mobilenetV2({ seed: 5, classes: 4, widthMultiplier: 0.5 });
    // Statistics and affine away from 0 and 1, so that a mistake in folding shows.
    for (const [name, variable] of network.parameters) {
      if (!/\.(weight|bias|running_mean|running_var)$/.test(name) || variable.rank !== 1) continue;
      const values = await variable.data();
      const moved = values.map((v, i) => v + 0.3 * Math.sin(i + name.length));
      tidy(() => variable.assign(tensor(moved, variable.shape)));
    }
    const images = normalised(pattern(64, 80), network.preprocess);
    const folded = freeze(network);
    const before = memory().numTensors;
    const [a, b] = [network.forward(images)['features.18']!, folded.forward(images)['features.18']!];
    expect(memory().numTensors).toBe(before + 2);
    const [va, vb] = [await a.data(), await b.data()];
    expect(Math.max(...va)).toBeGreaterThan(0.1);
    for (let i = 0; i < va.length; i++) expect(Math.abs(va[i]! - vb[i]!)).toBeLessThan(1e-4);
    expect([...folded.parameters.keys()].some((name) => name.endsWith('running_mean'))).toBe(false);
    expect([...folded.parameters.values()].some((v) => v.trainable)).toBe(false);
    const first = folded.parameters.get('features.0.0.weight');
    network.dispose();
    expect(first!.isDisposed).toBe(false);
    const logits = folded.logits(images);
    expect(logits.shape).toEqual([1, 4]);
    for (const t of [images, a, b, logits, folded]) t.dispose();
  });

  test('parameters, frozen layers, dispose', () => {
    const before = memory().numTensors;
    const network = mobilenetV2({ classes: 6, frozen: 10, initialise: false });
    expect(network.parameters.size).toBe(262);
    const count = [...network.parameters].reduce((sum, [name, v]) => sum + (name.includes('running') ? 0 : v.size), 0);
    expect(count).toBe(2_223_872 + 1280 * 6 + 6);
    const trains = [...network.parameters].filter(([, v]) => v.trainable).map(([name]) => name);
    expect(trains[0]).toBe('features.11.conv.0.0.weight');
    expect(trains.some((name) => name.includes('running'))).toBe(false);
    expect(network.parameters.get(network.classifierWeights!)!.shape).toEqual([1280, 6]);
    network.dispose();
    expect(memory().numTensors).toBe(before);
    const images = zeros([1, 32, 32, 3]) as Tensor4D;
    expect(() => network.forward(images)).toThrow('not to be disposed');
    images.dispose();
  });

  test('training: dropout repeats with its seed, batch statistics move where they train', async () => {
    const network = mobilenetV2({ classes: 3, widthMultiplier: 0.35, batchNorm: 'batch', frozen: 2 });
    const images = normalised(pattern(64, 64), network.preprocess);
    const before = memory().numTensors;
    expect(() => network.logits(images, { training: true })).toThrow(
      "Channels are dropped at random in 'classifier.0'",
    );
    expect(memory().numTensors).toBe(before);
    const read = async (seed: number) => {
      const logits = network.logits(images, { training: true, seed });
      const values = await logits.data();
      logits.dispose();
      return values;
    };
    expect(await read(1)).toEqual(await read(1));
    expect(await read(2)).not.toEqual(await read(1));
    const moved = async (name: string) => (await network.parameters.get(name)!.data()).some((v) => v !== 0);
    expect(await moved('features.2.conv.0.1.running_mean')).toBe(false);
    expect(await moved('features.3.conv.0.1.running_mean')).toBe(true);
    images.dispose();
    network.dispose();
  });

  test('says what is wrong', () => {
    expect(() => mobilenetV2({ outputStride: 4 as 8 })).toThrow('`outputStride` to be 8, 16 or 32, got 4.');
    expect(() => mobilenetV2({ widthMultiplier: 0 })).toThrow(ValueError);
    expect(() => mobilenetV2({ frozen: 19 })).toThrow(ValueError);
    expect(() => mobilenetV2({ classes: 0 })).toThrow(ValueError);
    const network = mobilenetV2({ widthMultiplier: 0.35 });
    const images = zeros([1, 32, 32, 3]) as Tensor4D;
    expect(() => network.forward(images, { taps: ['conv4'] })).toThrow(
      'mobilenetV2.forward: expected `taps` to be among',
    );
    expect(() => network.logits(images)).toThrow('mobilenetV2({ classes: 20 })');
    const four = zeros([1, 32, 32, 4]) as Tensor4D;
    expect(() => network.forward(four)).toThrow('expected `images` of shape [n, h, w, 3]');
    for (const t of [images, four]) t.dispose();
    network.dispose();
  });
});

describe.skipIf(!haveWeights)('mobilenetV2 with the weights in ../shared', () => {
  const expected = haveWeights ? JSON.parse(readFileSync(shared('data/weights/expected.json'), 'utf8')).imagenet : {};

  test('features: pooled values within 1e-3, folded and not', async () => {
    const network = mobilenetV2({ initialise: false });
    const weights = await readStateDict(shared('data/weights/mobilenet_v2_features.safetensors'));
    const report = await loadWeights(network, weights);
    expect(report.loaded.length).toBe(260);
    const folded = freeze(network);
    for (const photo of PHOTOS) {
      const figures = Object.entries(expected).find(([name]) => name.startsWith(photo))![1] as Record<string, never>;
      const { pooled_first5, pooled_sum, pooled_l2, map_max } = figures['mobilenet_v2_features@224'] as unknown as {
        pooled_first5: number[];
        pooled_sum: number;
        pooled_l2: number;
        map_max: number;
      };
      const images = normalised(readPng(shared(`data/photos/inputs/${photo}_224.png`)), network.preprocess);
      for (const each of [network, folded]) {
        const map = each.forward(images)['features.18']!;
        expect(map.shape).toEqual([1, 7, 7, 1280]);
        const pooled = globalAveragePool(map);
        const values = [...(await pooled.data())];
        pooled_first5.forEach((v, i) => void expect(Math.abs(values[i]! - v)).toBeLessThan(1e-3));
        expect(Math.abs(values.reduce((a, b) => a + b, 0) - pooled_sum)).toBeLessThan(0.1);
        expect(Math.abs(Math.sqrt(values.reduce((a, b) => a + b * b, 0)) - pooled_l2)).toBeLessThan(1e-2);
        expect(Math.abs([...(await map.data())].reduce((a, b) => Math.max(a, b), 0) - map_max)).toBeLessThan(1e-3);
        map.dispose();
        pooled.dispose();
      }
      images.dispose();
    }
    network.dispose();
    folded.dispose();
  });

  test('classifier: the five best logits within 1e-2', async () => {
    const network = mobilenetV2({ classes: 1000, initialise: false, preprocess: TENSORFLOW_PREPROCESS });
    await loadWeights(network, await readStateDict(shared('data/weights/mobilenet_v2_tf.safetensors')));
    const folded = freeze(network);
    for (const photo of PHOTOS) {
      const figures = Object.entries(expected).find(([name]) => name.startsWith(photo))![1] as Record<string, unknown>;
      for (const side of [224, 225]) {
        const best = figures[`mobilenet_v2_tf@${side}`] as [number, string, number][];
        const images = normalised(readPng(shared(`data/photos/inputs/${photo}_${side}.png`)), network.preprocess);
        for (const each of [network, folded]) {
          const logits = each.logits(images);
          const values = await logits.data();
          const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
          expect(order.slice(0, 5)).toEqual(best.map(([index]) => index));
          for (const [index, , logit] of best) expect(Math.abs(values[index]! - logit)).toBeLessThan(1e-2);
          logits.dispose();
        }
        images.dispose();
      }
    }
    network.dispose();
    folded.dispose();
  });
});

function pattern(h: number, w: number) {
  const values = Uint8Array.from({ length: h * w * 3 }, (_, i) => 127 + 120 * Math.sin(i * 0.37) * Math.cos(i * 0.011));
  return { values, shape: [h, w, 3] };
}
