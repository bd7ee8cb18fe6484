import type { TypedArray } from '@wsss/core';
import { bfloat16ToFloat, halfToFloat } from './half-float';

/** How the numbers of a tensor lie in a file, and what they become here. */
export interface ElementType {
  /** Its name in torch. */
  readonly name: string;
  readonly bytes: number;
  /** The dtype of the values that are read: half precision is widened. */
  readonly dtype: string;
  /** Little-endian bytes → values. The result is a view of `bytes` where it can be. */
  decode(bytes: Uint8Array<ArrayBuffer>): TypedArray;
}

interface ArrayType<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): A;
}

/** A view where the address is a multiple of the element's size, else a view of a copy. */
function view<A>(type: ArrayType<A>, bytes: Uint8Array<ArrayBuffer>): A {
  const size = type.BYTES_PER_ELEMENT;
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new type(buffer, byteOffset, bytes.length / size);
}

function plain(name: string, type: ArrayType<TypedArray>, dtype = name): ElementType {
  return { name, bytes: type.BYTES_PER_ELEMENT, dtype, decode: (bytes) => view(type, bytes) };
}

/** Every element type that is read, by torch's name. */
export const ELEMENT_TYPES = {
  float32: plain('float32', Float32Array),
  float64: plain('float64', Float64Array),
  float16: {
    name: 'float16',
    bytes: 2,
    dtype: 'float32',
    decode: (bytes) => halfToFloat(view(Uint16Array, bytes)),
  },
  bfloat16: {
    name: 'bfloat16',
    bytes: 2,
    dtype: 'float32',
    decode: (bytes) => bfloat16ToFloat(view(Uint16Array, bytes)),
  },
  int8: plain('int8', Int8Array),
  int16: plain('int16', Int16Array),
  int32: plain('int32', Int32Array),
  int64: plain('int64', BigInt64Array),
  uint8: plain('uint8', Uint8Array),
  uint16: plain('uint16', Uint16Array),
  uint32: plain('uint32', Uint32Array),
  uint64: plain('uint64', BigUint64Array),
  bool: plain('bool', Uint8Array),
} as const satisfies Record<string, ElementType>;

export type ElementName = keyof typeof ELEMENT_TYPES;
