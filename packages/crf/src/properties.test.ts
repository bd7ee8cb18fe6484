import { hostTensor, random } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { crf, DenseCrf, PSA_CRF } from './index';

const [height, width] = [17, 22];
const stream = random(21);
const photo = hostTensor(
  Uint8Array.from({ length: height * width * 3 }, (_, i) => 90 + 60 * Math.sin(i / 40) + stream.integer(0, 30)),
  [height, width, 3],
);
const preset = { ...PSA_CRF, scaleFactor: 4 };

describe.for(['wasm', 'plain'] as const)('%s', (engine) => {
  test('classes with equal scores stay equal, however many', async () => {
    for (const [classes, equal] of [
      [2, [0, 1]],
      [3, [0, 2]],
      [7, [1, 5]],
    ] as const) {
      const scores = Float32Array.from({ length: height * width * classes }, () => stream.next());
      for (let i = 0; i < height * width; i++) scores[i * classes + equal[1]] = scores[i * classes + equal[0]]!;
      const q = await crf(photo, hostTensor(scores, [height, width, classes]), preset, { engine });
      for (let i = 0; i < height * width; i++) {
        expect(q.values[i * classes + equal[0]]).toBeCloseTo(q.values[i * classes + equal[1]]!, 6);
      }
    }
  });

  test('on a constant image, constant scores keep their order everywhere, and grow surer', async () => {
    const image = hostTensor(new Uint8Array(height * width * 3).fill(77), [height, width, 3]);
    const scores = hostTensor(
      Float32Array.from({ length: height * width * 3 }, (_, i) => [0.5, 0.3, 0.2][i % 3]!),
      [height, width, 3],
    );
    const q = await crf(image, scores, preset, { engine });
    for (let i = 0; i < height * width; i++) {
      const [a, b, c] = q.values.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      expect(a > b && b >= c).toBe(true);
      expect(a).toBeGreaterThan(0.6);
    }
  });

  test('points in any order get the same probabilities, as far as rounding goes', async () => {
    const points = 200;
    const features = Float32Array.from({ length: points * 3 }, () => 2 * stream.normal());
    const unary = Float32Array.from({ length: points * 2 }, () => stream.next());
    const order = stream.shuffle(Array.from({ length: points }, (_, i) => i));
    const rows = (values: Float32Array, size: number) =>
      Float32Array.from({ length: values.length }, (_, i) => values[order[Math.floor(i / size)]! * size + (i % size)]!);
    const run = async (f: Float32Array, u: Float32Array) => {
      const field = new DenseCrf({ points, classes: 2, engine }).setUnary(hostTensor(u, [points, 2]));
      const q = await field.addEnergy({ features: hostTensor(f, [points, 3]), compat: 2 }).infer(5);
      field.dispose();
      return q.values;
    };
    const expected = rows(await run(features, unary), 2);
    const q = await run(rows(features, 3), rows(unary, 2));
    for (const [i, p] of q.entries()) expect(p).toBeCloseTo(expected[i]!, 5);
  });

  test('a compatibility of 0 changes nothing, and one that repels still gives probabilities', async () => {
    const unary = Float32Array.from({ length: height * width * 3 }, () => 3 * stream.next());
    const run = (compat: number) =>
      new DenseCrf({ height, width, classes: 3, engine })
        .setUnary(hostTensor(unary, [height, width, 3]))
        .addGaussian({ sdims: 2, compat })
        .infer(3);
    const [none, repelled] = [await run(0), await run(-1)];
    for (let i = 0; i < height * width; i++) {
      const costs = unary.subarray(3 * i, 3 * i + 3).map((u) => Math.exp(-u));
      const sum = costs.reduce((a, b) => a + b);
      for (let c = 0; c < 3; c++) expect(none.values[3 * i + c]).toBeCloseTo(costs[c]! / sum, 5);
      expect(repelled.values.subarray(3 * i, 3 * i + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });
});
