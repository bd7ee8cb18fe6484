import { finiteValues } from './host-values';
import { resizeBilinear as kernel } from './kernels/resize-bilinear';
import { checkSize, mapShape } from './map-shape';
import { type HostTensor, hostTensor, type TensorLike } from './tensor-like';

export interface ResizeBilinearOptions {
  /**
   * torch's two conventions. `true`: corners keep their place, source = d · (from − 1) / (to − 1). `false`: pixels have
   * an extent, source = max(0, (d + ½) · from / to − ½).
   * @default false
   */
  alignCorners?: boolean;
}

/**
 * Resizes a map bilinearly, as torch's `interpolate(mode='bilinear')` does. It does not average when it shrinks.
 *
 * @param map Finite values of any dtype, shape `[h, w]` or `[h, w, C]`.
 * @param size `[h, w]` of the result.
 * @returns float32, shape `[h, w]` or `[h, w, C]`.
 * @throws {ShapeError} if `map` has another rank or no cells, or `size` is not two whole numbers above 0.
 * @throws {ValueError} if a value is NaN or infinite.
 */
export async function resizeBilinear(
  map: TensorLike,
  size: readonly [number, number],
  { alignCorners = false }: ResizeBilinearOptions = {},
): Promise<HostTensor> {
  const from = mapShape('resizeBilinear', 'map', map.shape);
  checkSize('resizeBilinear', 'size', size);
  const values = await finiteValues('resizeBilinear', 'map', map);
  return hostTensor(kernel(values, from, size, alignCorners), [...size, ...map.shape.slice(2)]);
}
