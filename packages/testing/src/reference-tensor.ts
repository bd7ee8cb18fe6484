/** Arrays that a reference tensor may hold. */
export type ReferenceArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A stored tensor of reference data. It has the form of a host tensor, so every stage takes it as it is. */
export interface ReferenceTensor<A extends ReferenceArray = ReferenceArray> {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: A;
  data(): Promise<A>;
}

const dtypes: Record<string, string> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
};

/** Gives an array a shape. */
export function referenceTensor<A extends ReferenceArray>(values: A, shape: readonly number[]): ReferenceTensor<A> {
  const size = shape.reduce((product, n) => product * n, 1);
  if (size !== values.length) throw new Error(`[${shape}] does not hold ${values.length} values`);
  return { values, shape: [...shape], dtype: dtypes[values.constructor.name]!, data: async () => values };
}

/** The values as doubles. */
export function toNumbers(values: ArrayLike<number> | ArrayLike<bigint>): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = Number(values[i]);
    if (typeof values[i] === 'bigint' && !Number.isSafeInteger(numbers[i])) {
      throw new RangeError(`${values[i]} does not fit a double`);
    }
  }
  return numbers;
}
