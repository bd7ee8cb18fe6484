/** Arrays of numbers that a tensor may hold. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** What `data()` of a tensor may resolve to: 64-bit integers, which weight files contain, included. */
export type TypedArray = NumericArray | BigInt64Array | BigUint64Array;

const names: Record<string, string> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  BigInt64Array: 'int64',
  BigUint64Array: 'uint64',
};

/** The dtype name of a typed array; `undefined` for anything else. */
export function dtypeOf(values: unknown): string | undefined {
  if (!ArrayBuffer.isView(values)) return undefined;
  // The tag, unlike `constructor.name`, survives minifiers, subclasses (Node's Buffer) and other realms.
  return names[(values as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag] ?? ''];
}
