import {
  byteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { blend } from './kernels/blend';
import { luma } from './kernels/luma';
import { shiftHue } from './kernels/shift-hue';

/**
 * Scales the brightness of a photo: factor 0 is black, 1 the photo, 2 twice as bright. Byte for byte as torchvision's
 * `adjust_brightness` of a PIL image; so are its three siblings.
 *
 * @param image RGB bytes `[h, w, 3]`.
 * @param factor ≥ 0.
 * @throws {ShapeError} if the image is not `[h, w, 3]`.
 * @throws {ValueError} if it holds anything but bytes, or the factor is out of range.
 */
export function adjustBrightness(image: TensorLike, factor: number): Promise<HostTensor<Uint8Array>> {
  return adjust('adjustBrightness', image, factor, (bytes) => blend(0, bytes, factor));
}

/** Scales the contrast around the mean grey of the photo: factor 0 is that grey, 1 the photo. See {@link adjustBrightness}. */
export function adjustContrast(image: TensorLike, factor: number): Promise<HostTensor<Uint8Array>> {
  return adjust('adjustContrast', image, factor, (bytes) => {
    const grey = luma(bytes);
    const mean = Math.floor(grey.reduce((sum, value) => sum + value, 0) / grey.length + 0.5);
    return blend(mean, bytes, factor);
  });
}

/** Scales the colourfulness: factor 0 is grey, 1 the photo. See {@link adjustBrightness}. */
export function adjustSaturation(image: TensorLike, factor: number): Promise<HostTensor<Uint8Array>> {
  return adjust('adjustSaturation', image, factor, (bytes) => blend(luma(bytes), bytes, factor));
}

/**
 * Turns the hue by `factor` of the circle, −½..½. Pillow keeps hues in bytes, so that colours lose a few levels even
 * with factor 0. See {@link adjustBrightness}.
 */
export async function adjustHue(image: TensorLike, factor: number): Promise<HostTensor<Uint8Array>> {
  if (!(Math.abs(factor) <= 0.5)) throw new ValueError('adjustHue', 'factor', 'to be in −0.5..0.5', factor);
  return adjust('adjustHue', image, 1, (bytes) => shiftHue(bytes, Math.trunc(factor * 255)));
}

async function adjust(
  where: string,
  image: TensorLike,
  factor: number,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<HostTensor<Uint8Array>> {
  const { h, w } = matchShape(where, 'image', image.shape, ['h', 'w', 3]);
  if (h * w === 0) throw new ShapeError(where, 'image', ['h', 'w', 3], image.shape, 'It has no pixels.');
  if (!(Number.isFinite(factor) && factor >= 0)) {
    throw new ValueError(where, 'factor', 'to be finite and ≥ 0', factor);
  }
  return hostTensor(change(await byteValues(where, 'image', image)), image.shape);
}
