import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from './errors';
import { normalizeImage } from './normalize-image';
import { CAFFE_PREPROCESS, IMAGENET_PREPROCESS, type Preprocess } from './preprocess';
import { hostTensor } from './tensor-like';

const image = hostTensor(Uint8Array.of(0, 128, 255, 10, 20, 30), [1, 2, 3]);

describe('normalizeImage', () => {
  test('ImageNet: RGB in 0..1, minus the mean, by the deviation', async () => {
    const out = await normalizeImage(image, IMAGENET_PREPROCESS);
    const expected = [
      (0 - 0.485) / 0.229,
      (128 / 255 - 0.456) / 0.224,
      (255 / 255 - 0.406) / 0.225,
      (10 / 255 - 0.485) / 0.229,
      (20 / 255 - 0.456) / 0.224,
      (30 / 255 - 0.406) / 0.225,
    ];
    expect(out).toMatchObject({ shape: [1, 2, 3], dtype: 'float32' });
    expect(out.values).toEqual(Float32Array.from(expected));
  });

  test('Caffe: BGR in 0..255, minus the mean colour', async () => {
    const { values } = await normalizeImage(image, CAFFE_PREPROCESS);
    const expected = [255 - 104.008, 128 - 116.669, 0 - 122.675, 30 - 104.008, 20 - 116.669, 10 - 122.675];
    expect(values).toEqual(Float32Array.from(expected));
  });

  test('is the same for every dtype, and takes fractions', async () => {
    for (const array of [Uint8ClampedArray, Int32Array, Float32Array, Float64Array]) {
      const same = hostTensor(array.from(image.values), image.shape);
      expect((await normalizeImage(same, CAFFE_PREPROCESS)).values).toEqual(
        (await normalizeImage(image, CAFFE_PREPROCESS)).values,
      );
    }
    const half = hostTensor(Float32Array.of(0.5, 1.5, 2.5), [1, 1, 3]);
    const plain: Preprocess = { order: 'rgb', scale: 2, mean: [1, 1, 1], std: [2, 4, 8] };
    expect((await normalizeImage(half, plain)).values).toEqual(Float32Array.of(0, 0.5, 0.5));
  });

  test.for<[number[], string]>([
    [[2, 2], 'Repeat the grey channel three times.'],
    [[2, 2, 4], 'Drop the alpha channel.'],
    [[3, 2, 2], 'Channels come last.'],
    [[1, 2, 2, 3], 'without a batch axis'],
    [[0, 2, 3], 'got [0, 2, 3].'],
    [[5], 'got [5].'],
  ])('refuses the shape %j', async ([shape, hint]) => {
    const values = new Uint8Array(shape.reduce((a, b) => a * b, 1));
    const call = normalizeImage(hostTensor(values, shape), IMAGENET_PREPROCESS);
    await expect(call).rejects.toThrow(ShapeError);
    await expect(call).rejects.toThrow('normalizeImage: expected `image` of shape [h, w, 3]');
    await expect(call).rejects.toThrow(hint);
  });

  test('refuses values outside 0..255', async () => {
    const call = normalizeImage(hostTensor(Float32Array.of(0, -1.5, 3), [1, 1, 3]), IMAGENET_PREPROCESS);
    await expect(call).rejects.toThrow('normalizeImage: expected `image` to be in 0..255 at [0, 0, 1], got -1.5.');
  });

  test.for<[Partial<Record<keyof Preprocess, unknown>>, string]>([
    [{ order: 'grb' }, "`preprocess.order` to be 'rgb' or 'bgr', got 'grb'."],
    [{ scale: Number.NaN }, '`preprocess.scale` to be a finite number, got NaN.'],
    [{ mean: [1, 2] }, '`preprocess.mean` to be three finite numbers, got [1, 2].'],
    [{ mean: undefined }, '`preprocess.mean` to be three finite numbers, got undefined.'],
    [{ std: [1, 0, 1] }, '`preprocess.std` to be three finite numbers, none of them 0, got [1, 0, 1].'],
  ])('refuses %j', async ([wrong, message]) => {
    const call = normalizeImage(image, { ...IMAGENET_PREPROCESS, ...wrong } as Preprocess);
    await expect(call).rejects.toThrow(ValueError);
    await expect(call).rejects.toThrow(message);
  });
});
