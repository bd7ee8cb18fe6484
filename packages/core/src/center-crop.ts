import { ValueError } from './errors';
import { numberValues } from './host-values';
import { crop } from './kernels/crop';
import { checkSize, mapLike, mapShape } from './map-shape';
import { roundHalfEven } from './round-half-even';
import type { HostTensor, TensorLike } from './tensor-like';
import type { NumericArray } from './typed-array';

export interface CenterCropOptions {
  /** The value around a map that is smaller than the crop; it must exist in the map's dtype. @default 0 */
  fill?: number;
}

/**
 * Cuts out the middle; a side that is shorter than the crop is put into the middle of `fill` instead. Where the gap is
 * odd, its half is rounded to the even neighbour, as PSA's validation does.
 *
 * @param map Any dtype, shape `[h, w]` or `[h, w, C]`.
 * @param size `[h, w]` of the crop, or one side of a square.
 * @returns The same dtype, shape `[h, w]` or `[h, w, C]`.
 * @throws {ShapeError} if `map` has another rank or no cells, or `size` is not whole numbers above 0.
 * @throws {ValueError} if a value is NaN, or `fill` does not exist in the map's dtype.
 */
export function centerCrop<A extends NumericArray>(
  map: HostTensor<A>,
  size: number | readonly [number, number],
  options?: CenterCropOptions,
): Promise<HostTensor<A>>;
export function centerCrop(
  map: TensorLike,
  size: number | readonly [number, number],
  options?: CenterCropOptions,
): Promise<HostTensor<NumericArray>>;
export async function centerCrop(
  map: TensorLike,
  size: number | readonly [number, number],
  { fill = 0 }: CenterCropOptions = {},
): Promise<HostTensor<NumericArray>> {
  const from = mapShape('centerCrop', 'map', map.shape);
  const to = typeof size === 'number' ? [size, size] : size;
  checkSize('centerCrop', 'size', to);
  const values = await numberValues('centerCrop', 'map', map);
  const float = values instanceof Float32Array || values instanceof Float64Array;
  if (Number.isNaN(fill) || (!float && values.slice(0, 1).fill(fill)[0] !== fill)) {
    throw new ValueError('centerCrop', 'fill', `to exist in ${map.dtype}`, fill);
  }
  const window = [offset(from[0], to[0]), offset(from[1], to[1]), to[0], to[1]] as const;
  return mapLike(map, crop(values, from, window, fill), to);
}

/** Where the crop begins; negative where it is the longer one. */
function offset(side: number, crop: number): number {
  const half = roundHalfEven(Math.abs(side - crop) / 2);
  return side < crop ? -half : half;
}
