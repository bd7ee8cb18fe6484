import {
  type HostTensor,
  hostTensor,
  random,
  ShapeError,
  type TensorLike,
  type TypedArray,
  ValueError,
} from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { readNpy, readStateDict, writeNpy, writeSafetensors, writeStateDict } from './index';

const seeded = random(5);
const floats = (length: number) => Float32Array.from({ length }, () => seeded.normal());
const tensors = new Map<string, TensorLike>([
  ['conv.weight', hostTensor(floats(24), [4, 3, 2, 1])],
  ['double', hostTensor(Float64Array.of(Math.PI, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY), [5])],
  ['int8', hostTensor(Int8Array.of(-128, 127), [2])],
  ['int16', hostTensor(Int16Array.of(-32768, 32767), [2, 1])],
  ['int32', hostTensor(Int32Array.of(-(2 ** 31), 2 ** 31 - 1), [1, 2])],
  ['int64', hostTensor(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n), [2])],
  ['uint8', hostTensor(Uint8Array.of(0, 255), [2])],
  ['bool', hostTensor(Uint8Array.of(1, 0, 1), [3], 'bool')],
  ['num_batches_tracked', hostTensor(BigInt64Array.of(7n), [])],
  ['empty', hostTensor(new Float32Array(0), [0, 3])],
  ['long name with ünïcode, "quotes" and \n', hostTensor(floats(70_000), [70_000])],
]);

async function equal(read: ReadonlyMap<string, TensorLike>, written: ReadonlyMap<string, TensorLike>): Promise<void> {
  expect([...read.keys()].sort()).toEqual([...written.keys()].sort());
  for (const [name, { shape, dtype, data }] of written) {
    expect(read.get(name)).toMatchObject({ shape, dtype });
    const [a, b] = [await read.get(name)!.data(), await data()];
    expect(Buffer.compare(bytesOf(a), bytesOf(b)), name).toBe(0);
  }
}

function bytesOf(values: TypedArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

describe('writeStateDict', () => {
  test('is read back exactly, in its order', async () => {
    const read = await readStateDict(await writeStateDict(tensors));
    await equal(read, tensors);
    expect([...read.keys()]).toEqual([...tensors.keys()]);
  });

  test('equal tensors make equal files; .pth and .safetensors hold the same', async () => {
    expect(Buffer.compare(await writeStateDict(tensors), await writeStateDict(tensors))).toBe(0);
    await equal(
      await readStateDict(await writeStateDict(tensors)),
      await readStateDict(await writeSafetensors(tensors)),
    );
  });

  test('the data of every storage begin at a multiple of 64', async () => {
    const file = await writeStateDict(new Map([['x', hostTensor(Float32Array.of(123.25), [1])]]));
    const at = Buffer.from(file).indexOf(bytesOf(Float32Array.of(123.25)));
    expect(at % 64).toBe(0);
  });

  test('an empty dictionary, and many entries', async () => {
    expect((await readStateDict(await writeStateDict(new Map()))).size).toBe(0);
    const many = new Map(Array.from({ length: 700 }, (_, i) => [`layer.${i}`, hostTensor(Float32Array.of(i), [1])]));
    await equal(await readStateDict(await writeStateDict(many)), many);
  });

  test.each<[string, ReadonlyMap<string, TensorLike>, new (...args: never[]) => Error, string]>([
    [
      'uint16',
      new Map([['x', hostTensor(Uint16Array.of(1), [1])]]),
      ValueError,
      "`tensors 'x'` to be of a dtype that torch",
    ],
    ['uint64', new Map([['x', hostTensor(BigUint64Array.of(1n), [1])]]), ValueError, "got 'uint64'"],
    ['no Map', {} as Map<string, TensorLike>, ValueError, 'to be a Map'],
    ['a shape of another size', new Map([['x', { ...hostTensor(floats(2), [2]), shape: [3] }]]), ShapeError, '[3]'],
  ])('refuses %s', async (_, given, type, message) => {
    const error = (await writeStateDict(given).catch((thrown: Error) => thrown)) as Error;
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });
});

describe('writeNpy', () => {
  test.each([...tensors].map(([name, tensor]) => [name, tensor as HostTensor<TypedArray>] as const))(
    '%s',
    async (_, tensor) => {
      const file = await writeNpy(tensor);
      const read = await readNpy(file);
      expect(read).toMatchObject({ shape: tensor.shape, dtype: tensor.dtype });
      expect(Buffer.compare(bytesOf(read.values), bytesOf(tensor.values))).toBe(0);
      expect((file.length - tensor.values.byteLength) % 64).toBe(0);
    },
  );

  test('refuses what is no tensor', async () => {
    await expect(writeNpy([1] as unknown as TensorLike)).rejects.toThrow(ValueError);
  });
});
