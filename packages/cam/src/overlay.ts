import {
  finiteValues,
  type HostTensor,
  hostTensor,
  imageValues,
  matchShape,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { type Colormap, type ColormapName, colormaps } from './colormaps';

export interface OverlayOptions {
  /** `'jet'`, `'viridis'`, `'inferno'`, `'gray'`, or a function of the value. @default 'jet' */
  readonly colormap?: ColormapName | Colormap;
  /** How much of the map's colour shows: 0 is the photo alone, 1 the map alone. @default 0.5 */
  readonly opacity?: number;
}

/** How far rounding may carry a normalised map out of [0, 1]. */
const SLACK = 1e-3;

/**
 * Paints a map over a photo: (1 − opacity) · photo + opacity · colour(map).
 *
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @param map In [0, 1], `[h, w]` or `[h, w, 1]`.
 * @returns RGBA bytes, `[h, w, 4]`, alpha 255 throughout: what `ImageData` and PNG writers take.
 * @throws {ShapeError} if the sizes differ.
 * @throws {ValueError} if a value is out of range, or the colour map is unknown.
 */
export async function overlay(
  image: TensorLike,
  map: TensorLike,
  { colormap = 'jet', opacity = 0.5 }: OverlayOptions = {},
): Promise<HostTensor<Uint8Array>> {
  const where = 'overlay';
  const { h, w } = matchShape(where, 'image', image.shape, ['h', 'w', 3]);
  const pattern = map.shape.length === 3 ? ['h', 'w', 1] : ['h', 'w'];
  matchShape(where, 'map', map.shape, pattern, { h, w }, 'One class at a time, at the size of the photo.');
  if (!(opacity >= 0 && opacity <= 1)) throw new ValueError(where, 'opacity', 'to be in 0..1', opacity);
  const colour = typeof colormap === 'function' ? colormap : Object.hasOwn(colormaps, colormap) && colormaps[colormap];
  if (!colour) {
    const names = Object.keys(colormaps).join(', ');
    throw new ValueError(where, 'colormap', `to be a function or one of ${names}`, colormap);
  }
  const [pixels, values] = await Promise.all([imageValues(where, 'image', image), finiteValues(where, 'map', map)]);
  const out = new Uint8ClampedArray(h * w * 4);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < -SLACK || value > 1 + SLACK) {
      const place = `[${Math.floor(i / w)}, ${i % w}]`;
      throw new ValueError(where, 'map', `to be in 0..1 at ${place}`, value, 'normalizeCam brings maps there.');
    }
    const painted = colour(Math.min(1, Math.max(0, value)));
    for (let c = 0; c < 3; c++) out[i * 4 + c] = (1 - opacity) * pixels[i * 3 + c]! + opacity * painted[c]!;
    out[i * 4 + 3] = 255;
  }
  return hostTensor(new Uint8Array(out.buffer), [h, w, 4]);
}
