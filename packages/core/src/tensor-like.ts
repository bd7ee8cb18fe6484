import { ShapeError, ValueError } from './errors';
import { dtypeOf, type TypedArray } from './typed-array';

/**
 * Anything with a shape and values: a TensorFlow.js tensor of any backend, or a {@link HostTensor}.
 * Layout: images `[h, w, 3]`, maps `[h, w, C]` (class last), label maps `[h, w]`, all row-major.
 */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<TypedArray>;
}

/** A plain typed array with a shape, which needs no TensorFlow.js. */
export interface HostTensor<A extends TypedArray = Float32Array> extends TensorLike {
  readonly values: A;
  data(): Promise<A>;
}

/**
 * Gives a typed array a shape. The array is kept, not copied.
 *
 * @param values Row-major values.
 * @param shape Sizes whose product is `values.length`; `[]` for a scalar.
 * @param dtype Only where the array does not tell: `'bool'` for a `Uint8Array` of 0 and 1.
 * @throws {ValueError} if `values` is not a typed array.
 * @throws {ShapeError} if a size is not a whole number ≥ 0, or the product is another.
 */
export function hostTensor<A extends TypedArray>(
  values: A,
  shape: readonly number[],
  dtype: string | undefined = dtypeOf(values),
): HostTensor<A> {
  if (dtypeOf(values) === undefined || dtype === undefined) {
    throw new ValueError('hostTensor', 'values', 'to be a typed array', values);
  }
  if (!Array.isArray(shape)) {
    throw new ShapeError('hostTensor', 'shape', 'to be a list of sizes', undefined, 'For example [375, 500, 3].');
  }
  if (
    !shape.every((n) => Number.isSafeInteger(n) && n >= 0) ||
    shape.reduce((product, n) => product * n, 1) !== values.length
  ) {
    throw new ShapeError('hostTensor', 'shape', `to hold ${values.length} values`, shape);
  }
  return { values, shape: [...shape], dtype, data: async () => values };
}

/** Whether this is a {@link HostTensor}: its values are at hand without waiting. */
export function isHostTensor(tensor: TensorLike): tensor is HostTensor<TypedArray> {
  return dtypeOf((tensor as Partial<HostTensor>).values) !== undefined;
}
