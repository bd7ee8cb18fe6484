import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from './errors';
import { hostTensor, isHostTensor } from './tensor-like';
import { dtypeOf } from './typed-array';

describe('hostTensor', () => {
  test('keeps the array and copies the shape', async () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const shape = [2, 3];
    const tensor = hostTensor(values, shape);
    shape[0] = 9;
    expect(tensor.values).toBe(values);
    expect(await tensor.data()).toBe(values);
    expect(tensor).toMatchObject({ shape: [2, 3], dtype: 'float32' });
  });

  test('takes scalars, empty tensors, and a dtype that the array does not tell', () => {
    expect(hostTensor(Int32Array.of(7), []).shape).toEqual([]);
    expect(hostTensor(new Uint8Array(0), [3, 0]).shape).toEqual([3, 0]);
    expect(hostTensor(Uint8Array.of(1), [1], 'bool').dtype).toBe('bool');
    expect(hostTensor(BigInt64Array.of(1n), [1]).dtype).toBe('int64');
  });

  test.for([[[2, 2]], [[-1, -6]], [[1.5, 4]], [[Number.NaN]]])('refuses the shape %j for 6 values', ([shape]) => {
    expect(() => hostTensor(new Float32Array(6), shape!)).toThrow(ShapeError);
  });

  test('refuses a shape that is no list', () => {
    expect(() => hostTensor(new Float32Array(6), 6 as unknown as number[])).toThrow(ShapeError);
  });

  test('refuses what is no typed array', () => {
    expect(() => hostTensor([1, 2] as unknown as Float32Array, [2])).toThrow(ValueError);
    expect(() => hostTensor(new DataView(new ArrayBuffer(2)) as unknown as Float32Array, [2])).toThrow(
      'hostTensor: expected `values` to be a typed array, got an object with no keys.',
    );
  });
});

test('isHostTensor tells a tensor on the host from one elsewhere', () => {
  expect(isHostTensor(hostTensor(new Float32Array(1), [1]))).toBe(true);
  expect(isHostTensor({ shape: [1], dtype: 'float32', data: async () => new Float32Array(1) })).toBe(false);
});

test('dtypeOf knows every typed array, Buffers too, and nothing else', () => {
  expect(
    [
      new Float32Array(1),
      new Float64Array(1),
      new Int32Array(1),
      new Uint32Array(1),
      new Int16Array(1),
      new Uint16Array(1),
      new Int8Array(1),
      new Uint8Array(1),
      new Uint8ClampedArray(1),
      Buffer.alloc(1),
      new BigInt64Array(1),
      new BigUint64Array(1),
    ].map(dtypeOf),
  ).toMatchInlineSnapshot(`
    [
      "float32",
      "float64",
      "int32",
      "uint32",
      "int16",
      "uint16",
      "int8",
      "uint8",
      "uint8",
      "uint8",
      "int64",
      "uint64",
    ]
  `);
  expect([[1], new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), null, undefined, 'x'].map(dtypeOf)).toEqual(
    Array(6).fill(undefined),
  );
});
