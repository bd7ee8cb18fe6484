import { expect, test } from 'vitest';
import { ValueError } from './errors';
import { byteValues, finiteValues, hostValues, imageValues, numberValues } from './host-values';
import { hostTensor, type TensorLike } from './tensor-like';

const floats = (...values: number[]) => hostTensor(Float32Array.from(values), [1, values.length]);
const elsewhere = (tensor: TensorLike): TensorLike => ({
  shape: tensor.shape,
  dtype: tensor.dtype,
  data: () => tensor.data(),
});

test('hostValues does not copy what is on the host, and waits for what is not', async () => {
  const tensor = floats(1, 2);
  expect(await hostValues('f', 'x', tensor)).toBe(tensor.values);
  expect(await hostValues('f', 'x', elsewhere(tensor))).toEqual(tensor.values);
  await expect(hostValues('f', 'x', hostTensor(BigInt64Array.of(1n), [1]))).rejects.toThrow(
    'f: expected `x` to hold numbers of at most 32 bits, or doubles, got a tensor [1] of int64.',
  );
  const short = { shape: [2, 3], dtype: 'float32', data: async () => new Float32Array(4) };
  await expect(hostValues('f', 'x', short)).rejects.toThrow(
    'f: expected `x` to have a shape for its 4 values, got [2, 3].',
  );
});

test('numberValues refuses NaN alone', async () => {
  const infinite = floats(Number.POSITIVE_INFINITY, -1);
  expect(await numberValues('f', 'x', infinite)).toBe(infinite.values);
  await expect(numberValues('f', 'x', floats(0, Number.NaN))).rejects.toThrow(
    'f: expected `x` to be a number at [0, 1], got NaN.',
  );
});

test('finiteValues names the place of the first value that is not', async () => {
  expect(await finiteValues('f', 'x', hostTensor(Uint8Array.of(1, 255), [2]))).toEqual(Float32Array.of(1, 255));
  const map = hostTensor(new Float32Array(24), [2, 3, 4]);
  map.values[17] = Number.NEGATIVE_INFINITY;
  map.values[23] = Number.NaN;
  const error = await finiteValues('f', 'map', map).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ValueError);
  expect((error as Error).message).toBe('f: expected `map` to be finite at [1, 1, 1], got -Infinity.');
  // A double may be beyond float32.
  await expect(finiteValues('f', 'x', hostTensor(Float64Array.of(1e300), [1]))).rejects.toThrow('got Infinity.');
});

test('imageValues takes any number in 0..255', async () => {
  expect(await imageValues('f', 'x', floats(0, 254.5, 255))).toEqual(Float32Array.of(0, 254.5, 255));
  for (const wrong of [-0.5, 255.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(imageValues('f', 'x', floats(3, wrong))).rejects.toThrow(
      `f: expected \`x\` to be in 0..255 at [0, 1], got ${wrong}.`,
    );
  }
});

test('byteValues takes whole numbers of any dtype', async () => {
  const bytes = hostTensor(Uint8Array.of(0, 255), [2]);
  expect(await byteValues('f', 'x', bytes)).toBe(bytes.values);
  for (const array of [Int32Array.of(0, 255), Float32Array.of(0, 255), Uint8ClampedArray.of(0, 255)]) {
    const values = await byteValues('f', 'x', hostTensor(array, [2]));
    expect(values).toEqual(bytes.values);
    expect(values).toBeInstanceOf(Uint8Array);
  }
  for (const wrong of [-1, 256, 0.5, Number.NaN]) {
    await expect(byteValues('f', 'x', floats(wrong))).rejects.toThrow(
      `f: expected \`x\` to be whole numbers in 0..255 at [0, 0], got ${wrong}.\nResize photos as bytes`,
    );
  }
});
