import { ELEMENT_TYPES, type ElementType } from '../element-type';

/** An element type of NumPy, and whether the bytes of a number must be turned round. */
export interface NumpyType {
  readonly type: ElementType;
  readonly swap: boolean;
}

const codes: Readonly<Record<string, ElementType>> = {
  f2: ELEMENT_TYPES.float16,
  f4: ELEMENT_TYPES.float32,
  f8: ELEMENT_TYPES.float64,
  i1: ELEMENT_TYPES.int8,
  i2: ELEMENT_TYPES.int16,
  i4: ELEMENT_TYPES.int32,
  i8: ELEMENT_TYPES.int64,
  u1: ELEMENT_TYPES.uint8,
  u2: ELEMENT_TYPES.uint16,
  u4: ELEMENT_TYPES.uint32,
  u8: ELEMENT_TYPES.uint64,
  b1: ELEMENT_TYPES.bool,
};

/** The code of each element type, without the order of bytes. */
export const NUMPY_CODES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(codes).map(([code, { name }]) => [name, code]),
);

/**
 * What a code like `<f4` stands for. Arrays of other things have none.
 *
 * @param order Overrides the order of bytes that the code gives: `<` low byte first, `>` high byte first.
 */
export function numpyType(code: string, order = code[0]): NumpyType | undefined {
  const type = codes[code.replace(/^[<>|=]/, '')];
  return type && { type, swap: order === '>' && type.bytes > 1 };
}

/** Turns the bytes of every number round, in a copy. */
export function swapBytes(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const swapped = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += size) {
    for (let i = 0; i < size; i++) swapped[at + i] = bytes[at + size - 1 - i]!;
  }
  return swapped;
}
