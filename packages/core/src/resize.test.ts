import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from './errors';
import { resizeBicubic } from './resize-bicubic';
import { resizeBilinear } from './resize-bilinear';
import { resizeNearest } from './resize-nearest';
import { type HostTensor, hostTensor, type TensorLike } from './tensor-like';

const map = hostTensor(Float32Array.of(1, -2, 4, 0, 3, 8), [2, 3]);
const photo = hostTensor(
  Uint8Array.from({ length: 24 }, (_, i) => i * 10),
  [2, 4, 3],
);

describe.each<
  [string, (x: TensorLike, size: readonly [number, number]) => Promise<HostTensor<Float32Array | Uint8Array>>]
>([
  ['resizeBilinear', resizeBilinear],
  ['resizeNearest', resizeNearest as typeof resizeBilinear],
  ['resizeBicubic', resizeBicubic],
])('%s', (name, resize) => {
  test('takes one channel or several, and leaves what came as it was', async () => {
    const before = photo.values.slice();
    expect((await resize(photo, [5, 3])).shape).toEqual([5, 3, 3]);
    expect((await resize(hostTensor(photo.values, [4, 6]), [1, 9])).shape).toEqual([1, 9]);
    expect(photo.values).toEqual(before);
  });

  test('returns values of its own at the same size too', async () => {
    const same = await resize(photo, [2, 4]);
    expect([...same.values]).toEqual([...photo.values]);
    expect(same.values.buffer).not.toBe(photo.values.buffer);
  });

  test('reads what is not on the host', async () => {
    const away: TensorLike = { shape: [2, 4, 3], dtype: 'int32', data: async () => Int32Array.from(photo.values) };
    expect([...(await resize(away, [3, 3])).values]).toEqual([...(await resize(photo, [3, 3])).values]);
  });

  test.for([
    [[6], 'got [6].'],
    [[1, 2, 3, 1], 'Drop the first axis'],
    [[2, 1, 3, 1], 'Give the maps one by one'],
    [[0, 3], 'It has no cells.'],
  ] as const)('refuses the shape %j', async ([shape, hint]) => {
    const values = new Uint8Array(shape.reduce<number>((a, b) => a * b, 1));
    const call = resize(hostTensor(values, shape), [2, 2]);
    await expect(call).rejects.toThrow(ShapeError);
    await expect(call).rejects.toThrow(hint);
    await expect(call).rejects.toThrow(`${name}: expected \``);
  });

  test.for([[[0, 2]], [[2.5, 2]], [[2, -1]], [[2]], [[2, 2, 3]], [[Number.NaN, 1]], [2]])(
    'refuses the size %j',
    async (wrong) => {
      const size = (Array.isArray(wrong) ? wrong[0] : wrong) as unknown as [number, number];
      const call = resize(photo, size);
      await expect(call).rejects.toThrow(ShapeError);
      await expect(call).rejects.toThrow(`${name}: expected \`size\` [h, w] of whole numbers above 0, got`);
    },
  );

  test('suspects a forgotten await', async () => {
    const promise = Promise.resolve(photo) as unknown as TensorLike;
    await expect(resize(promise, [2, 2])).rejects.toThrow('got no shape.\nIs an `await` missing?');
  });

  test('refuses NaN, and says where', async () => {
    const values = Float32Array.of(1, 2, 3, 4, Number.NaN, 6);
    const call = resize(hostTensor(values, [2, 3]), [4, 4]);
    await expect(call).rejects.toThrow(ValueError);
    await expect(call).rejects.toThrow('at [1, 1], got NaN.');
  });
});

test('resizeBilinear takes the convention from its options, half-pixel centres by default', async () => {
  const [free, byDefault, aligned] = [
    await resizeBilinear(map, [1, 2], { alignCorners: false }),
    await resizeBilinear(map, [1, 2]),
    await resizeBilinear(map, [1, 2], { alignCorners: true }),
  ];
  expect(free.values).toEqual(Float32Array.of(0.5, 4.625));
  expect(byDefault.values).toEqual(free.values);
  expect(aligned.values).toEqual(Float32Array.of(1, 4));
});

test('resizeBilinear gives float32, whatever comes', async () => {
  const out = await resizeBilinear(hostTensor(Uint8Array.of(0, 1), [1, 2]), [1, 4]);
  expect(out.dtype).toBe('float32');
  expect(out.values).toEqual(Float32Array.of(0, 0.25, 0.75, 1));
});

test('resizeNearest keeps the dtype', async () => {
  const labels: HostTensor<Uint8Array> = await resizeNearest(hostTensor(Uint8Array.of(7, 255), [1, 2]), [2, 2]);
  expect(labels.values).toEqual(Uint8Array.of(7, 255, 7, 255));
  expect((await resizeNearest(hostTensor(Float64Array.of(1, 2), [1, 2]), [1, 1])).dtype).toBe('float64');
  expect((await resizeNearest(hostTensor(Uint8Array.of(1, 0), [1, 2], 'bool'), [1, 1])).dtype).toBe('bool');
  expect(
    (await resizeNearest(hostTensor(Float32Array.of(1, Number.POSITIVE_INFINITY), [1, 2]), [1, 2])).values[1],
  ).toBe(Number.POSITIVE_INFINITY);
  await expect(resizeNearest(hostTensor(BigInt64Array.of(1n), [1, 1]) as TensorLike, [1, 1])).rejects.toThrow(
    ValueError,
  );
});

test('resizeBicubic gives bytes for whole numbers of any dtype, and refuses other colours than three', async () => {
  const bytes = await resizeBicubic(photo, [3, 5]);
  expect(bytes.dtype).toBe('uint8');
  const floats = hostTensor(Float32Array.from(photo.values), photo.shape);
  expect((await resizeBicubic(floats, [3, 5])).values).toEqual(bytes.values);
  await expect(resizeBicubic(hostTensor(new Uint8Array(16), [2, 2, 4]), [1, 1])).rejects.toThrow(
    'resizeBicubic: expected `image` of shape [h, w, 3], got [2, 2, 4].\nDrop the alpha channel.',
  );
  await expect(resizeBicubic(hostTensor(Float32Array.of(0.5), [1, 1]), [1, 1])).rejects.toThrow(
    'before they are normalised',
  );
});
