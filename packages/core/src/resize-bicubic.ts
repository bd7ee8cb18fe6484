import { byteValues } from './host-values';
import { resizeBicubic as kernel } from './kernels/resize-bicubic';
import { checkColours, checkSize, mapShape } from './map-shape';
import { type HostTensor, hostTensor, type TensorLike } from './tensor-like';

/**
 * Resizes a photo bicubically, byte for byte as Pillow's `resize(…, BICUBIC)` does: Keys' kernel with a = −½, stretched
 * where the photo shrinks; rows first, then columns, each pass rounded to bytes.
 *
 * @param image Bytes, or whole numbers in 0..255 of another dtype; shape `[h, w, 3]`, or `[h, w]` for grey.
 * @param size `[h, w]` of the result.
 * @returns uint8, shape `[h, w, 3]` or `[h, w]`.
 * @throws {ShapeError} if `image` has another shape or no pixels, or `size` is not two whole numbers above 0.
 * @throws {ValueError} if a value is not a byte.
 */
export async function resizeBicubic(
  image: TensorLike,
  size: readonly [number, number],
): Promise<HostTensor<Uint8Array>> {
  const from = mapShape('resizeBicubic', 'image', image.shape);
  if (image.shape.length === 3) checkColours('resizeBicubic', 'image', image.shape);
  checkSize('resizeBicubic', 'size', size);
  const bytes = await byteValues('resizeBicubic', 'image', image);
  return hostTensor(kernel(bytes, from, size), [...size, ...image.shape.slice(2)]);
}
