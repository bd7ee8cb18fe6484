import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { complex, memory, scalar, setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ValueError } from '../errors';
import { hostTensor } from '../tensor-like';
import type { TypedArray } from '../typed-array';
import { asTensor, type TensorInput } from './as-tensor';
import { floatTensor } from './float-tensor';

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test('asTensor gives a tensor back as it is', () => {
    const x = tensor([1, 2]);
    expect(asTensor(x)).toBe(x);
    expect(floatTensor('f', 'x', x)).toBe(x);
    x.dispose();
  });

  test.for<[TypedArray, string]>([
    [Float32Array.of(1, 0), 'float32'],
    [Float64Array.of(1, 0), 'float32'],
    [Uint8Array.of(1, 0), 'int32'],
    [Uint8ClampedArray.of(1, 0), 'int32'],
    [Int8Array.of(1, 0), 'int32'],
    [Uint16Array.of(1, 0), 'int32'],
    [Int16Array.of(1, 0), 'int32'],
    [Int32Array.of(1, 0), 'int32'],
  ])('asTensor makes %o into a tensor of %s', async ([values, dtype]) => {
    const before = memory().numTensors;
    const x = asTensor(hostTensor(values, [1, 2]));
    expect(memory().numTensors).toBe(before + 1);
    expect([x.dtype, x.shape, Array.from(await x.data())]).toEqual([dtype, [1, 2], [1, 0]]);
    const float = tidy(() => floatTensor('f', 'x', hostTensor(values, [1, 2])));
    expect([float.dtype, Array.from(await float.data())]).toEqual(['float32', [1, 0]]);
    float.dispose();
    x.dispose();
  });

  test('booleans stay booleans, scalars and empty tensors have their shape', () => {
    tidy(() => {
      expect(asTensor(hostTensor(Uint8Array.of(1), [1], 'bool')).dtype).toBe('bool');
      expect(asTensor(hostTensor(Float32Array.of(1), [])).shape).toEqual([]);
      expect(asTensor(hostTensor(new Float32Array(0), [0, 3])).shape).toEqual([0, 3]);
    });
  });

  test('refuses integers that are too large, and what is no tensor', () => {
    for (const values of [BigInt64Array.of(1n), BigUint64Array.of(1n), Uint32Array.of(1)]) {
      expect(() => asTensor(hostTensor(values, [1]), 'crf', 'labels')).toThrow(
        /^crf: expected `labels` to hold floats or integers of at most 32 bits, got '(u?int64|uint32)'\.$/,
      );
    }
    const elsewhere = { shape: [1], dtype: 'float32', data: async () => new Float32Array(1) };
    for (const wrong of [elsewhere, [1, 2], 3, null, undefined]) {
      expect(() => asTensor(wrong as unknown as TensorInput)).toThrow(ValueError);
      expect(() => asTensor(wrong as unknown as TensorInput)).toThrow('Read it first');
    }
  });

  test('floatTensor refuses what is not real', () => {
    tidy(() => {
      expect(() => floatTensor('f', 'x', scalar('a', 'string'))).toThrow(
        "f: expected `x` to hold real numbers, got 'string'.",
      );
      // WASM has no complex numbers at all.
      if (backend === 'cpu') expect(() => floatTensor('f', 'x', complex([1], [2]))).toThrow("got 'complex64'.");
    });
  });
});
