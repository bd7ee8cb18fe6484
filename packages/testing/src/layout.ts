import { type ReferenceArray, type ReferenceTensor, referenceTensor } from './reference-tensor';

/** Reorders the axes: axis `i` of the result is axis `order[i]` of the tensor. */
export function permute<A extends ReferenceArray>(
  { values, shape }: ReferenceTensor<A>,
  order: readonly number[],
): ReferenceTensor<A> {
  if (order.length !== shape.length) throw new Error(`${order.length} axes for a tensor of shape [${shape}]`);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const sizes = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = values.slice() as Float64Array;
  const index = sizes.map(() => 0);
  let source = 0;
  for (let target = 0; target < values.length; target++) {
    result[target] = (values as Float64Array)[source]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      source += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      source -= steps[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return referenceTensor(result as ReferenceArray as A, sizes);
}

/** `[n, C, h, w]` of torch to `[n, h, w, C]`. */
export const nhwc = <A extends ReferenceArray>(tensor: ReferenceTensor<A>) => permute(tensor, [0, 2, 3, 1]);

/** `[C, h, w]` or `[1, C, h, w]` of torch to `[h, w, C]`. */
export const hwc = <A extends ReferenceArray>(tensor: ReferenceTensor<A>) => permute(single(tensor, 3), [1, 2, 0]);

/** `[out, in, h, w]` of torch's convolution weights to `[h, w, in, out]`. */
export const hwio = <A extends ReferenceArray>(tensor: ReferenceTensor<A>) => permute(tensor, [2, 3, 1, 0]);

/** Item `index` of the first axis. */
export function item<A extends ReferenceArray>({ values, shape }: ReferenceTensor<A>, index: number) {
  const size = values.length / shape[0]!;
  return referenceTensor(values.slice(index * size, (index + 1) * size) as A, shape.slice(1));
}

/** The same values with another shape. */
export const reshape = <A extends ReferenceArray>({ values }: ReferenceTensor<A>, shape: readonly number[]) =>
  referenceTensor(values, shape);

function single<A extends ReferenceArray>(tensor: ReferenceTensor<A>, rank: number) {
  return tensor.shape.length === rank + 1 && tensor.shape[0] === 1 ? item(tensor, 0) : tensor;
}
