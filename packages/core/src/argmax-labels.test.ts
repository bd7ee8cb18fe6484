import { describe, expect, test } from 'vitest';
import { argmaxLabels } from './argmax-labels';
import { ShapeError, ValueError } from './errors';
import { hostTensor } from './tensor-like';

const maps = hostTensor(Float32Array.of(0.9, 0.1, 0, 0.2, 0.3, 0.1, 0, 0.4, 0.5, 0.5, 0.5, 0.5), [2, 2, 3]);

describe('argmaxLabels', () => {
  test('takes the largest, the first one of equals', async () => {
    const labels = await argmaxLabels(maps);
    expect(labels).toMatchObject({ shape: [2, 2], dtype: 'uint8' });
    expect(labels.values).toEqual(Uint8Array.of(0, 1, 2, 0));
  });

  test('names channels by classes, the background apart', async () => {
    expect((await argmaxLabels(maps, { classes: [8, 15] })).values).toEqual(Uint8Array.of(0, 8, 15, 0));
    expect((await argmaxLabels(maps, { classes: [15, 8] })).values).toEqual(Uint8Array.of(0, 15, 8, 0));
  });

  test('takes negative and infinite scores, and other dtypes', async () => {
    const scores = Float32Array.of(Number.NEGATIVE_INFINITY, -5, -7, Number.POSITIVE_INFINITY);
    expect((await argmaxLabels(hostTensor(scores, [2, 1, 2]))).values).toEqual(Uint8Array.of(1, 1));
    expect((await argmaxLabels(hostTensor(Int8Array.of(3, -4), [1, 1, 2]))).values).toEqual(Uint8Array.of(0));
  });

  test('one channel is all background, and no pixels give no labels', async () => {
    expect((await argmaxLabels(hostTensor(Float32Array.of(-1, 2), [1, 2, 1]), { classes: [] })).values).toEqual(
      Uint8Array.of(0, 0),
    );
    expect((await argmaxLabels(hostTensor(new Float32Array(0), [0, 4, 2]))).shape).toEqual([0, 4]);
  });

  test('refuses NaN, and says where', async () => {
    const values = new Float32Array(12);
    values[8] = Number.NaN;
    await expect(argmaxLabels(hostTensor(values, [2, 2, 3]))).rejects.toThrow(
      'argmaxLabels: expected `maps` to be a number at [1, 0, 2], got NaN.',
    );
  });

  test('refuses other ranks, no channels, and more channels than labels', async () => {
    await expect(argmaxLabels(hostTensor(new Float32Array(4), [2, 2]))).rejects.toThrow(ShapeError);
    await expect(argmaxLabels(hostTensor(new Float32Array(0), [2, 2, 0]))).rejects.toThrow(ShapeError);
    await expect(argmaxLabels(hostTensor(new Float32Array(256), [1, 1, 256]))).rejects.toThrow('255 means "ignore"');
    expect((await argmaxLabels(hostTensor(new Float32Array(255), [1, 1, 255]))).values).toEqual(Uint8Array.of(0));
  });

  test.for<[number[], string]>([
    [[8], 'to name 2 classes, one per channel after the first, got [8].\nChannel 0 is the background'],
    [[0, 8], 'to hold whole numbers in 1..254, got [0, 8].\nClass indices start from 1'],
    [[8, 255], 'to hold whole numbers in 1..254, got [8, 255].'],
    [[8, 1.5], 'to hold whole numbers in 1..254, got [8, 1.5].'],
    [[8, 8], 'to name each class once, got [8, 8].'],
  ])('refuses the classes %j', async ([classes, message]) => {
    const call = argmaxLabels(maps, { classes });
    await expect(call).rejects.toThrow(ValueError);
    await expect(call).rejects.toThrow(`argmaxLabels: expected \`classes\` ${message}`);
  });
});
