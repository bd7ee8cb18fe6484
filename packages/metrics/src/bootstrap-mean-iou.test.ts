import { hostTensor, random } from '@wsss/core';
import { expect, test } from 'vitest';
import { bootstrapMeanIou } from './bootstrap-mean-iou';
import { ConfusionMatrix } from './confusion-matrix';

async function perImage(count: number, seed = 1): Promise<ConfusionMatrix[]> {
  const stream = random(seed);
  return Promise.all(
    Array.from({ length: count }, async () => {
      const skill = stream.next();
      const target = Uint8Array.from({ length: 50 }, () => stream.integer(0, 2));
      const prediction = target.map((c) => (stream.next() < skill ? c : stream.integer(0, 2)));
      const matrix = new ConfusionMatrix({ classes: 3 });
      await matrix.update(hostTensor(prediction, [50]), hostTensor(target, [50]));
      return matrix;
    }),
  );
}

test('the interval surrounds the value of all images, and equal seeds give equal intervals', async () => {
  const matrices = await perImage(40);
  const result = bootstrapMeanIou(matrices);
  const whole = matrices.reduce((sum, matrix) => sum.merge(matrix), new ConfusionMatrix({ classes: 3 }));
  expect(result.meanIou).toBeCloseTo(whole.meanIou(), 14);
  expect(result.low).toBeLessThan(result.meanIou);
  expect(result.high).toBeGreaterThan(result.meanIou);
  expect(bootstrapMeanIou(matrices)).toEqual(result);
  expect(bootstrapMeanIou(matrices, { seed: 1 })).not.toEqual(result);
});

test('it narrows with confidence, and with the root of the number of images', async () => {
  const matrices = await perImage(40);
  const wide = bootstrapMeanIou(matrices, { confidence: 0.99 });
  const narrow = bootstrapMeanIou(matrices, { confidence: 0.5 });
  expect(narrow.high - narrow.low).toBeLessThan(wide.high - wide.low);
  const more = bootstrapMeanIou(Array.from({ length: 16 }, () => matrices).flat());
  expect(more.deviation).toBeGreaterThan(bootstrapMeanIou(matrices).deviation / 4 / 1.2);
  expect(more.deviation).toBeLessThan((bootstrapMeanIou(matrices).deviation / 4) * 1.2);
});

test('against the exact distribution of two images', async () => {
  // One right, one wrong in every pixel of background: the draws are both right (1/4), mixed (1/2), both wrong (1/4).
  const of = (right: number, wrong: number) =>
    ConfusionMatrix.fromJSON({
      classes: 2,
      counts: [
        [right, wrong],
        [0, 0],
      ],
    });
  const { low, high, deviation } = bootstrapMeanIou([of(10, 0), of(0, 10)], { draws: 20_000, absent: 'zero' });
  expect([low, high]).toEqual([0, 0.5]);
  // Background IoU 1, 1/2 or 0, halved by the class that is never right: variance 1/8 · 1/4.
  expect(deviation).toBeCloseTo(Math.sqrt(1 / 32), 2);
});

test('one image has no spread; images without a pixel change nothing', async () => {
  const [only] = await perImage(1);
  const { meanIou, low, high, deviation } = bootstrapMeanIou([only!, new ConfusionMatrix({ classes: 3 })]);
  expect([low, high]).toEqual([meanIou, meanIou]);
  expect(deviation).toBeCloseTo(0, 14);
});

test('wrong arguments are named', async () => {
  const matrices = await perImage(2);
  expect(() => bootstrapMeanIou([])).toThrow(/`matrices`/);
  expect(() => bootstrapMeanIou([new ConfusionMatrix({ classes: 3 })])).toThrow(/`matrices`/);
  expect(() => bootstrapMeanIou(matrices, { draws: 1 })).toThrow(/`draws`/);
  expect(() => bootstrapMeanIou(matrices, { confidence: 95 })).toThrow(/`confidence`/);
  const other = ConfusionMatrix.fromJSON({ classes: 1, counts: [[1]] });
  expect(() => bootstrapMeanIou([...matrices, other])).toThrow(/3 classes each, got 1/);
});
