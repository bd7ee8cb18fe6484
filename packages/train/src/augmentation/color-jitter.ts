import {
  byteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  type Random,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './adjust-colour';

/** How far {@link colorJitter} goes. What is left out is left alone. */
export interface ColorJitter {
  /** Factor uniform in [max(0, 1 − b), 1 + b]. */
  readonly brightness?: number;
  /** Likewise. */
  readonly contrast?: number;
  /** Likewise. */
  readonly saturation?: number;
  /** Part of the circle, uniform in [−h, h]; at most 0.5. */
  readonly hue?: number;
}

/**
 * Changes brightness, contrast, saturation and hue by random factors, in random order: torchvision's `ColorJitter` on a
 * PIL image. The same factors in the same order give the same bytes; the random numbers are our own.
 *
 * @param image RGB bytes `[h, w, 3]`.
 * @param random Drawn from: first the order, then the factors in that order.
 * @throws {ShapeError} if the image is not `[h, w, 3]`.
 * @throws {ValueError} if it holds anything but bytes, or a setting is negative, or `hue` beyond 0.5.
 */
export async function colorJitter(
  image: TensorLike,
  { brightness = 0, contrast = 0, saturation = 0, hue = 0 }: ColorJitter,
  random: Random,
): Promise<HostTensor<Uint8Array>> {
  const where = 'colorJitter';
  for (const [name, value] of Object.entries({ brightness, contrast, saturation, hue })) {
    if (!(Number.isFinite(value) && value >= 0 && (name !== 'hue' || value <= 0.5))) {
      throw new ValueError(where, name, name === 'hue' ? 'to be in 0..0.5' : 'to be finite and ≥ 0', value);
    }
  }
  matchShape(where, 'image', image.shape, ['h', 'w', 3]);
  const around = (strength: number) => random.uniform(Math.max(0, 1 - strength), 1 + strength);
  type Change = (image: TensorLike) => Promise<HostTensor<Uint8Array>>;
  const changes: [strength: number, change: Change][] = [
    [brightness, (image) => adjustBrightness(image, around(brightness))],
    [contrast, (image) => adjustContrast(image, around(contrast))],
    [saturation, (image) => adjustSaturation(image, around(saturation))],
    [hue, (image) => adjustHue(image, random.uniform(-hue, hue))],
  ];
  let changed = hostTensor(await byteValues(where, 'image', image), image.shape);
  for (const [strength, change] of random.shuffle(changes)) {
    if (strength > 0) changed = await change(changed);
  }
  return changed;
}
