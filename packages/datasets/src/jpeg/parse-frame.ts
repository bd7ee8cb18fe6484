import { FormatError } from '@wsss/core';
import { MOST_PIXELS } from '../image/most-pixels';
import type { Component, Frame } from './frame';

/**
 * A start-of-frame segment. Nothing is allocated before the size is known to be possible for a file of this length.
 *
 * @param marker 0xC0 baseline, 0xC1 extended, 0xC2 progressive.
 */
export function parseFrame(file: string, marker: number, segment: Uint8Array, fileSize: number): Frame {
  const count = segment[5] ?? 0;
  if (segment.length !== 6 + 3 * count) throw new FormatError(file, 'a whole JPEG frame header', 'a damaged one');
  const [precision, height, width] = [segment[0]!, (segment[1]! << 8) | segment[2]!, (segment[3]! << 8) | segment[4]!];
  if (precision !== 8) throw new FormatError(file, 'a JPEG of 8 bits per sample', `one of ${precision}`);
  if (height === 0 || width === 0) throw new FormatError(file, 'a JPEG with width and height', `${width} × ${height}`);
  if (count !== 1 && count !== 3 && count !== 4) {
    throw new FormatError(file, 'a JPEG of 1, 3 or 4 components (grey, colour, CMYK)', `${count}`);
  }
  const specs = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantisationIndex] = segment.subarray(6 + 3 * i, 9 + 3 * i);
    return { id: id!, h: sampling! >> 4, v: sampling! & 15, quantisationIndex: quantisationIndex! };
  });
  if (new Set(specs.map(({ id }) => id)).size < count)
    throw new FormatError(file, 'JPEG components of their own', 'two with the same id');
  const mostH = Math.max(...specs.map(({ h }) => h));
  const mostV = Math.max(...specs.map(({ v }) => v));
  for (const { h, v } of specs) {
    if (h < 1 || v < 1 || h > 4 || v > 4 || mostH % h !== 0 || mostV % v !== 0) {
      throw new FormatError(
        file,
        'a JPEG whose colours are sampled 1 : 1, 1 : 2 or 1 : 4',
        `${h} × ${v} of ${mostH} × ${mostV}`,
      );
    }
  }
  const unitsWide = Math.ceil(width / (8 * mostH));
  const unitsHigh = Math.ceil(height / (8 * mostV));
  const blocks = specs.reduce((sum, { h, v }) => sum + h * v, 0) * unitsWide * unitsHigh;
  // the shortest code of a block is one bit
  if (width * height > MOST_PIXELS || blocks > fileSize * 8) {
    throw new FormatError(file, `a JPEG that ${fileSize} bytes can hold`, `${width} × ${height} pixels`);
  }
  const components = specs.map(({ id, h, v, quantisationIndex }): Component => {
    const blocksWide = unitsWide * h;
    const blocksHigh = unitsHigh * v;
    return {
      id,
      h,
      v,
      quantisationIndex,
      blocksWide,
      blocksHigh,
      width: Math.ceil((width * h) / mostH),
      height: Math.ceil((height * v) / mostV),
      coefficients: new Int16Array(blocksWide * blocksHigh * 64),
    };
  });
  return { width, height, progressive: marker === 0xc2, components, unitsWide, unitsHigh, mostH, mostV };
}
