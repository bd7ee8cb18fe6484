import { numberValues } from './host-values';
import { resizeNearest as kernel } from './kernels/resize-nearest';
import { checkSize, mapLike, mapShape } from './map-shape';
import type { HostTensor, TensorLike } from './tensor-like';
import type { NumericArray } from './typed-array';

/**
 * Resizes a map to the nearest cell, as torch's `interpolate(mode='nearest')` does: source = floor(d · from / to).
 * Values are only copied, so it is fit for label maps.
 *
 * @param map Any dtype, shape `[h, w]` or `[h, w, C]`.
 * @param size `[h, w]` of the result.
 * @returns The same dtype, shape `[h, w]` or `[h, w, C]`.
 * @throws {ShapeError} if `map` has another rank or no cells, or `size` is not two whole numbers above 0.
 * @throws {ValueError} if a value is NaN.
 */
export function resizeNearest<A extends NumericArray>(
  map: HostTensor<A>,
  size: readonly [number, number],
): Promise<HostTensor<A>>;
export function resizeNearest(map: TensorLike, size: readonly [number, number]): Promise<HostTensor<NumericArray>>;
export async function resizeNearest(
  map: TensorLike,
  size: readonly [number, number],
): Promise<HostTensor<NumericArray>> {
  const from = mapShape('resizeNearest', 'map', map.shape);
  checkSize('resizeNearest', 'size', size);
  const values = await numberValues('resizeNearest', 'map', map);
  return mapLike(map, kernel(values, from, size), size);
}
