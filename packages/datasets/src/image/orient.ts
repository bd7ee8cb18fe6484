/** RGB pixels and their size. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/**
 * Turns a picture upright.
 *
 * @param orientation As EXIF has it: 1 upright; 2, 4 mirrored; 3 upside down; 5 to 8 lying on a side.
 */
export function orient({ width, height, pixels }: Pixels, orientation: number): Pixels {
  if (orientation === 1) return { width, height, pixels };
  const turned = orientation >= 5;
  const [w, h] = turned ? [height, width] : [width, height];
  // where the new picture's first pixel comes from, and how far apart its neighbours lie
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const start = (fromBelow ? (height - 1) * width : 0) + (fromRight ? width - 1 : 0);
  const alongWidth = fromRight ? -1 : 1;
  const alongHeight = fromBelow ? -width : width;
  const [stepX, stepY] = turned ? [alongHeight, alongWidth] : [alongWidth, alongHeight];
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < h; y++) {
    for (let x = 0, from = (start + y * stepY) * 3; x < w; x++, from += stepX * 3, to += 3) {
      out[to] = pixels[from]!;
      out[to + 1] = pixels[from + 1]!;
      out[to + 2] = pixels[from + 2]!;
    }
  }
  return { width: w, height: h, pixels: out };
}
