import type { NumericArray } from '../typed-array';

/** A zeroed array of the same kind. */
export function emptyLike<A extends NumericArray>(values: A, length: number): A {
  // Node's Buffer is a Uint8Array whose constructor is not for use.
  const Kind = values instanceof Uint8Array ? Uint8Array : (values.constructor as new (length: number) => NumericArray);
  return new Kind(length) as A;
}
