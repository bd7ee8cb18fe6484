import { ValueError } from './errors';
import { imageValues } from './host-values';
import { normalizeImage as kernel } from './kernels/normalize-image';
import { checkColours } from './map-shape';
import type { Preprocess } from './preprocess';
import { type HostTensor, hostTensor, type TensorLike } from './tensor-like';

/**
 * Normalises a photo for a network: `(x · scale − mean) / std` per channel, computed in double and rounded once.
 *
 * @param image RGB values in 0..255 of any dtype, shape `[h, w, 3]`.
 * @param preprocess What the network wants, e.g. {@link IMAGENET_PREPROCESS}.
 * @returns float32, shape `[h, w, 3]`, channels in the order of `preprocess`.
 * @throws {ShapeError} if `image` has another shape.
 * @throws {ValueError} if a value is NaN or outside 0..255, or `preprocess` is incomplete or divides by 0.
 */
export async function normalizeImage(image: TensorLike, preprocess: Preprocess): Promise<HostTensor> {
  checkColours('normalizeImage', 'image', image.shape);
  checkPreprocess(preprocess);
  return hostTensor(kernel(await imageValues('normalizeImage', 'image', image), preprocess), image.shape);
}

function checkPreprocess({ order, scale, mean, std }: Preprocess): void {
  const refuse = (name: string, expected: string, got: unknown) => {
    throw new ValueError('normalizeImage', `preprocess.${name}`, expected, got);
  };
  const three = (list: readonly number[]) => list?.length === 3 && list.every(Number.isFinite);
  if (order !== 'rgb' && order !== 'bgr') refuse('order', "to be 'rgb' or 'bgr'", order);
  if (!Number.isFinite(scale)) refuse('scale', 'to be a finite number', scale);
  if (!three(mean)) refuse('mean', 'to be three finite numbers', mean);
  if (!three(std) || std.includes(0)) refuse('std', 'to be three finite numbers, none of them 0', std);
}
