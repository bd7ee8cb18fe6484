import { numberValues } from './host-values';
import { flipHorizontal as kernel } from './kernels/flip-horizontal';
import { mapLike, mapShape } from './map-shape';
import type { HostTensor, TensorLike } from './tensor-like';
import type { NumericArray } from './typed-array';

/**
 * Mirrors a map left to right.
 *
 * @param map Any dtype, shape `[h, w]` or `[h, w, C]`.
 * @returns The same dtype and shape.
 * @throws {ShapeError} if `map` has another rank or no cells.
 * @throws {ValueError} if a value is NaN.
 */
export function flipHorizontal<A extends NumericArray>(map: HostTensor<A>): Promise<HostTensor<A>>;
export function flipHorizontal(map: TensorLike): Promise<HostTensor<NumericArray>>;
export async function flipHorizontal(map: TensorLike): Promise<HostTensor<NumericArray>> {
  const shape = mapShape('flipHorizontal', 'map', map.shape);
  const values = await numberValues('flipHorizontal', 'map', map);
  return mapLike(map, kernel(values, shape), [shape[0], shape[1]]);
}
