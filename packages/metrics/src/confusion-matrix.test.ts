import { hostTensor, random, type TensorLike } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { ConfusionMatrix } from './confusion-matrix';

const labels = (...values: number[]) => hostTensor(Uint8Array.from(values), [values.length]);

/** Two classes and background; worked out by hand. */
async function small() {
  const matrix = new ConfusionMatrix({ classes: 4 });
  await matrix.update(labels(0, 0, 1, 1, 2, 0, 2, 1), labels(0, 0, 0, 1, 1, 1, 2, 255));
  return matrix;
}

test('counts, by target and prediction, and the figures made of them', async () => {
  const matrix = await small();
  expect([...matrix.counts().values]).toEqual([2, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  expect(matrix.total).toBe(7);
  expect(matrix.iou()).toEqual([2 / 4, 1 / 4, 1 / 2, null]);
  expect(matrix.meanIou()).toBeCloseTo((0.5 + 0.25 + 0.5) / 3, 15);
  expect(matrix.meanIou({ absent: 'zero' })).toBeCloseTo((0.5 + 0.25 + 0.5) / 4, 15);
  expect(matrix.pixelAccuracy()).toBe(4 / 7);
  expect(matrix.classAccuracy()).toEqual([2 / 3, 1 / 3, 1, null]);
  expect(matrix.meanClassAccuracy()).toBeCloseTo(2 / 3, 15);
  expect(matrix.frequencyWeightedIou()).toBeCloseTo((3 * 0.5 + 3 * 0.25 + 0.5) / 7, 15);
  expect(matrix.falsePositiveRate()).toEqual([1 / 4, 1 / 4, 1 / 2, null]);
  expect(matrix.falseNegativeRate()).toEqual([1 / 4, 2 / 4, 0, null]);
});

test('a class that is predicted only has an IoU of 0, and no accuracy', async () => {
  const matrix = new ConfusionMatrix({ classes: 3 });
  await matrix.update(labels(0, 2), labels(0, 0));
  expect(matrix.iou()).toEqual([0.5, null, 0]);
  expect(matrix.classAccuracy()).toEqual([0.5, null, null]);
});

describe('with random labels', () => {
  const drawn = (seed: number, n: number, classes: number, ignored: number) => {
    const stream = random(seed);
    return Uint8Array.from({ length: n }, () => (stream.next() < ignored ? 255 : stream.integer(0, classes - 1)));
  };
  const prediction = drawn(1, 600, 5, 0);
  const target = drawn(2, 600, 5, 0.2);

  test('parts that are merged give what the whole gives, in any order', async () => {
    const whole = new ConfusionMatrix({ classes: 5 });
    await whole.update(hostTensor(prediction, [20, 30]), hostTensor(target, [20, 30]));
    const parts = await Promise.all(
      [400, 0, 200].map(async (start) => {
        const part = new ConfusionMatrix({ classes: 5 });
        const slice = (values: Uint8Array) => hostTensor(values.slice(start, start + 200), [200]);
        await part.update(slice(prediction), slice(target));
        return part;
      }),
    );
    const merged = parts[0]!.merge(parts[1]!).merge(parts[2]!);
    expect(merged.toJSON()).toEqual(whole.toJSON());
  });

  test('IoU, false positives and false negatives share the union', async () => {
    const matrix = new ConfusionMatrix({ classes: 5 });
    await matrix.update(hostTensor(prediction, [600]), hostTensor(target, [600]));
    const [iou, fp, fn] = [matrix.iou(), matrix.falsePositiveRate(), matrix.falseNegativeRate()];
    for (let c = 0; c < 5; c++) expect(iou[c]! + fp[c]! + fn[c]!).toBeCloseTo(1, 14);
  });

  test('renaming the classes moves the figures and leaves the mean', async () => {
    const matrix = new ConfusionMatrix({ classes: 5 });
    await matrix.update(hostTensor(prediction, [600]), hostTensor(target, [600]));
    const renamed = new ConfusionMatrix({ classes: 5 });
    const rename = (values: Uint8Array) =>
      hostTensor(
        values.map((c) => (c === 255 ? c : (c + 2) % 5)),
        [600],
      );
    await renamed.update(rename(prediction), rename(target));
    expect(renamed.iou()).toEqual([3, 4, 0, 1, 2].map((c) => matrix.iou()[c]));
    expect(renamed.meanIou()).toBeCloseTo(matrix.meanIou(), 14);
  });
});

test('any tensor will do: other integers, floats with whole values, values that arrive later', async () => {
  const later: TensorLike = { shape: [3], dtype: 'float32', data: async () => Float32Array.of(0, 1, 1) };
  const matrix = new ConfusionMatrix({ classes: 2, ignore: -1 });
  await matrix.update(later, hostTensor(Int32Array.of(0, -1, 1), [3]));
  expect(matrix.toJSON().counts).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('a prediction of `ignore` counts as it is told', async () => {
  const given = [labels(255, 1, 255), labels(1, 1, 255)] as const;
  await expect(new ConfusionMatrix({ classes: 2 }).update(...given)).rejects.toThrow(
    /ConfusionMatrix.update: expected `prediction` to be a class index where the target is one, at \[0\], got 255/,
  );
  const background = new ConfusionMatrix({ classes: 2, ignoredPrediction: 'background' });
  await background.update(...given);
  expect([...background.counts().values]).toEqual([0, 0, 1, 1]);
  const skip = new ConfusionMatrix({ classes: 2, ignoredPrediction: 'skip' });
  await skip.update(...given);
  expect([...skip.counts().values]).toEqual([0, 0, 0, 1]);
});

test('nothing is counted of an image that is refused', async () => {
  const matrix = new ConfusionMatrix({ classes: 2 });
  await expect(matrix.update(labels(0, 1, 2), labels(0, 1, 1))).rejects.toThrow(
    /expected `prediction` to be a class index 0..1, or 255, at \[2\], got 2.\n`classes` counts/,
  );
  await expect(matrix.update(labels(0, 1, 1), labels(0, 1, 7))).rejects.toThrow(/expected `target`.*at \[2\], got 7/);
  await expect(matrix.update(hostTensor(Float32Array.of(0.5), [1]), labels(0))).rejects.toThrow(/an argmax/);
  await expect(matrix.update(hostTensor(Float32Array.of(Number.NaN), [1]), labels(0))).rejects.toThrow(
    /at \[0\], got NaN/,
  );
  await expect(matrix.update(labels(0, 1), labels(0))).rejects.toThrow(
    /expected `prediction` of shape \[1\], got \[2\]/,
  );
  expect(matrix.total).toBe(0);
});

test('without a pixel there is no mean', async () => {
  const matrix = new ConfusionMatrix({ classes: 2 });
  await matrix.update(labels(1), labels(255));
  expect(matrix.iou()).toEqual([null, null]);
  for (const figure of ['meanIou', 'pixelAccuracy', 'meanClassAccuracy', 'frequencyWeightedIou'] as const) {
    expect(() => matrix[figure]()).toThrow(`ConfusionMatrix.${figure}: expected \`total\` to be positive, got 0`);
  }
});

test('JSON and back', async () => {
  const matrix = await small();
  const again = ConfusionMatrix.fromJSON(JSON.parse(JSON.stringify(matrix)));
  expect(again.toJSON()).toEqual(matrix.toJSON());
  again.merge(matrix);
  expect(again.total).toBe(14);
  expect(matrix.total).toBe(7);
});

test('wrong arguments are named', () => {
  expect(() => new ConfusionMatrix({ classes: 0 })).toThrow(/`classes`/);
  expect(() => new ConfusionMatrix({ classes: 2.5 })).toThrow(/`classes`/);
  expect(() => new ConfusionMatrix({ classes: 256 })).toThrow(/`ignore`/);
  expect(() => new ConfusionMatrix({ classes: 2, ignoredPrediction: 'no' as 'skip' })).toThrow(/`ignoredPrediction`/);
  const matrix = new ConfusionMatrix({ classes: 2 });
  expect(() => matrix.merge(new ConfusionMatrix({ classes: 3 }))).toThrow(/same `classes` \(2\), got 3/);
  expect(() => matrix.merge(new ConfusionMatrix({ classes: 2, ignore: 9 }))).toThrow(/same `ignore`/);
  expect(() => ConfusionMatrix.fromJSON(null as never)).toThrow(/`json` to be what toJSON returns, got null/);
  expect(() => ConfusionMatrix.fromJSON({ classes: 2, counts: [[1, 2]] })).toThrow(/2 rows of 2/);
  expect(() => ConfusionMatrix.fromJSON({ classes: 1, counts: [[-1]] })).toThrow(/counts\[0\]\[0\]/);
  expect(() => ConfusionMatrix.fromJSON({ classes: 1, counts: [[1]] }).meanIou({ absent: 'no' as 'skip' })).toThrow(
    /`absent`/,
  );
});
