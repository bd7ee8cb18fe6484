import { hostTensor, random } from '@wsss/core';
import { expect, test } from 'vitest';
import { ConfusionMatrix } from './confusion-matrix';
import { type SweepImage, sweepThreshold } from './sweep-threshold';

/** Images of different sizes and classes; maps in steps of 1/20, so that ties and values on a threshold occur. */
function images(): SweepImage[] {
  const stream = random(3);
  return [[1], [3, 1], [], [2, 3, 1]].map((classes, i) => {
    const [h, w] = [5 + i, 9 - i];
    const maps = Float32Array.from({ length: h * w * classes.length }, () => stream.integer(0, 20) / 20);
    const target = Uint8Array.from({ length: h * w }, () => (stream.next() < 0.1 ? 255 : stream.integer(0, 3)));
    return { maps: hostTensor(maps, [h, w, classes.length]), classes, target: hostTensor(target, [h, w]) };
  });
}

/** The slow way: an argmax over a constant background and the maps, threshold by threshold. */
async function argmaxAt(given: SweepImage[], threshold: number): Promise<ConfusionMatrix> {
  const matrix = new ConfusionMatrix({ classes: 4 });
  for (const { maps, classes, target } of given) {
    const values = await maps.data();
    const labels = Uint8Array.from({ length: target.shape[0]! * target.shape[1]! }, (_, i) => {
      const scores = [Math.fround(threshold), ...classes.map((_, c) => Number(values[i * classes.length + c]))];
      return [0, ...classes][scores.indexOf(Math.max(...scores))]!;
    });
    await matrix.update(hostTensor(labels, target.shape), target);
  }
  return matrix;
}

test('every point of the curve is what an argmax with a constant background gives', async () => {
  const { curve, best } = await sweepThreshold(images(), { classes: 4, thresholds: [0.6, 0.05, 0.1, 0.95, -1, 2] });
  expect(curve.map(({ threshold }) => threshold)).toEqual([-1, 0.05, 0.1, 0.6, 0.95, 2]);
  for (const { threshold, meanIou, matrix } of curve) {
    const expected = await argmaxAt(images(), threshold);
    expect(matrix.toJSON()).toEqual(expected.toJSON());
    expect(meanIou).toBe(expected.meanIou());
  }
  expect(best.meanIou).toBe(Math.max(...curve.map(({ meanIou }) => meanIou)));
});

test('all pixels are counted at every threshold; a higher one only adds background', async () => {
  const { curve } = await sweepThreshold(images(), { classes: 4 });
  expect(curve).toHaveLength(100);
  expect(new Set(curve.map(({ matrix }) => matrix.total)).size).toBe(1);
  const background = curve.map(({ matrix }) => matrix.classCounts()[0]!.predicted);
  expect(background).toEqual([...background].sort((a, b) => a - b));
});

test('an async iterable, read once', async () => {
  async function* one() {
    yield* images();
  }
  const { best } = await sweepThreshold(one(), { classes: 4, absent: 'zero' });
  expect(best.meanIou).toBeGreaterThan(0);
});

test('wrong arguments are named', async () => {
  const [image] = images() as [SweepImage];
  const sweep = (change: Partial<SweepImage>) => sweepThreshold([{ ...image, ...change }], { classes: 4 });
  await expect(sweep({ classes: [1, 2] })).rejects.toThrow(/`maps` of shape \[h = 5, w = 9, 2\], got \[5, 9, 1\]/);
  await expect(sweep({ classes: [0] })).rejects.toThrow(/class indices 1..3/);
  await expect(sweep({ target: hostTensor(new Uint8Array(45).fill(255), [5, 9]) })).rejects.toThrow(/`images`/);
  await expect(sweep({ target: hostTensor(new Uint8Array(45).fill(4), [5, 9]) })).rejects.toThrow(/`target`/);
  await expect(sweep({ maps: hostTensor(new Float32Array(45).fill(Number.NaN), [5, 9, 1]) })).rejects.toThrow(/finite/);
  await expect(sweepThreshold([], { classes: 4 })).rejects.toThrow(/`images`/);
  await expect(sweepThreshold([image], { classes: 4, thresholds: [] })).rejects.toThrow(/`thresholds`/);
  await expect(sweepThreshold([image], { classes: 4, thresholds: [Number.NaN] })).rejects.toThrow(/`thresholds`/);
});
