import { FormatError } from '@wsss/core';
import type { Png } from './read-png';

/** RGB of 8 bits: palettes looked up, grey repeated, few bits stretched to 0..255, alpha left out. */
export function pngToRgb(png: Png, file: string): Uint8Array<ArrayBuffer> {
  const { samples, channels, color, palette } = png;
  if (color === 'rgb') return samples;
  const pixels = png.width * png.height;
  const rgb = new Uint8Array(pixels * 3);
  const scale = png.depth < 8 ? 255 / (2 ** png.depth - 1) : 1;
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels, to += 3) {
    if (color === 'indexed') {
      const at = samples[from]! * 3;
      if (at >= palette!.length) throw new FormatError(file, 'PNG indices within its palette', `${samples[from]}`);
      rgb[to] = palette![at]!;
      rgb[to + 1] = palette![at + 1]!;
      rgb[to + 2] = palette![at + 2]!;
    } else if (color === 'rgb-alpha') {
      rgb[to] = samples[from]!;
      rgb[to + 1] = samples[from + 1]!;
      rgb[to + 2] = samples[from + 2]!;
    } else {
      rgb[to] = rgb[to + 1] = rgb[to + 2] = samples[from]! * scale;
    }
  }
  return rgb;
}
