import { type DataType, type Rank, type ShapeMap, Tensor, tensor } from '@tensorflow/tfjs-core';
import { ValueError } from '../errors';
import { type HostTensor, isHostTensor } from '../tensor-like';
import type { TypedArray } from '../typed-array';

/** What T functions take: a tensor of the current backend, or values on the host. */
export type TensorInput<R extends Rank = Rank> = Tensor<R> | HostTensor<TypedArray>;

/**
 * The tensor itself, or one made from host values: floats become float32, bytes and integers int32.
 * Call it inside `tidy`, so that what was made is disposed and what was given is not.
 *
 * @param where The function that was called, for the message; `argument` likewise.
 * @throws {ValueError} for 64-bit integers, and unsigned ones beyond int32; for what is neither a tensor nor on the host.
 */
export function asTensor<R extends Rank = Rank>(
  input: TensorInput<R>,
  where = 'asTensor',
  argument = 'input',
): Tensor<R> {
  if (input instanceof Tensor) return input;
  if (!input || !isHostTensor(input)) {
    const hint = 'Read it first: hostTensor(await x.data(), x.shape).';
    throw new ValueError(where, argument, 'to be a tensor of TensorFlow.js or a HostTensor', input, hint);
  }
  const { values, shape, dtype } = input;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array || values instanceof Uint32Array) {
    throw new ValueError(where, argument, 'to hold floats or integers of at most 32 bits', dtype);
  }
  const float = values instanceof Float32Array || values instanceof Float64Array;
  const type: DataType = dtype === 'bool' ? 'bool' : float ? 'float32' : 'int32';
  const copied =
    values instanceof Float64Array
      ? Float32Array.from(values)
      : float || dtype === 'bool'
        ? values
        : Int32Array.from(values);
  return tensor(copied as Float32Array | Int32Array | Uint8Array, [...shape] as ShapeMap[R], type);
}
