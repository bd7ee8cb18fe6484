import { ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { writePng } from '../png/write-png';
import { byteValues } from './byte-values';

/**
 * The bytes of a PNG of 8 bits.
 *
 * @param image `[h, w]` or `[h, w, 1]` grey, `[h, w, 2]` grey and alpha, `[h, w, 3]` RGB, `[h, w, 4]` RGBA; whole numbers
 *   0..255.
 * @throws {ShapeError} for another shape; {ValueError} for other values.
 */
export async function encodePng(image: TensorLike): Promise<Uint8Array<ArrayBuffer>> {
  const [height = 0, width = 0, channels = 1] = image?.shape ?? [];
  if (![2, 3].includes(image?.shape?.length) || channels < 1 || channels > 4) {
    throw new ShapeError('encodePng', 'image', 'of shape [h, w] or [h, w, 1 to 4]', image?.shape);
  }
  if (height === 0 || width === 0) throw new ValueError('encodePng', 'image', 'to have pixels', image);
  return writePng({ width, height, channels, samples: await byteValues('encodePng', 'image', image) });
}
