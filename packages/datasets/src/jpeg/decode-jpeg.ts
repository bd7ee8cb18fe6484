import { FormatError } from '@wsss/core';
import { type ColorRow, cmykRow, greyRow, rgbRow, ycckRow, yccRow } from './color-rows';
import { componentSamples } from './component-samples';
import { type Jpeg, readJpeg } from './read-jpeg';
import { upsampleRow } from './upsample-row';

export interface DecodedJpeg {
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bit. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** 1 to 8, as EXIF has it; not applied. */
  readonly orientation: number;
}

/** Baseline and progressive JPEG → RGB, bit for bit as libjpeg-turbo (and so Pillow) decodes it. */
export function decodeJpeg(bytes: Uint8Array, file: string): DecodedJpeg {
  const jpeg = readJpeg(bytes, file);
  const { width, height, components, mostH, mostV } = jpeg.frame;
  const readers = components.map((component) =>
    upsampleRow(componentSamples(component), mostH / component.h, mostV / component.v),
  );
  // upsampled rows may end behind the picture
  const rows = components.map(() => new Uint8Array(Math.ceil(width / 4) * 4 + 4));
  const convert = colorRow(jpeg, file);
  const pixels = new Uint8Array(width * height * 3);
  const clamped = new Uint8ClampedArray(pixels.buffer);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < rows.length; i++) readers[i]!(y, rows[i]!);
    convert(rows, width, clamped, y * width * 3);
  }
  return { width, height, pixels, orientation: jpeg.orientation };
}

/** What the components stand for: as libjpeg decides. */
function colorRow({ frame, jfif, adobe }: Jpeg, file: string): ColorRow {
  const ids = frame.components.map(({ id }) => id);
  if (ids.length === 1) return greyRow;
  if (ids.length === 3) {
    if (jfif) return yccRow;
    if (adobe !== undefined) return adobe === 0 ? rgbRow : yccRow;
    return String.fromCharCode(...ids) === 'RGB' ? rgbRow : yccRow;
  }
  if (adobe !== undefined && adobe !== 0 && adobe !== 2) {
    throw new FormatError(file, 'a JPEG of four colours with Adobe transform 0 (CMYK) or 2 (YCCK)', `${adobe}`);
  }
  return adobe === 2 ? ycckRow : cmykRow;
}
