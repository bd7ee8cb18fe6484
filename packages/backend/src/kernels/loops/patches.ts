import type { ConvGeometry } from '../conv-geometry';
import { copyRun } from './copy-run';
import { transposeLast } from './transpose';

/** Which outputs of a row have the tap inside the image: from `first` to `end`, excluded. */
function insideRow(g: ConvGeometry, kx: number): { shift: number; first: number; end: number } {
  const shift = kx * g.dilationWidth - g.padInfo.left;
  const first = Math.min(g.outWidth, Math.max(0, Math.ceil(-shift / g.strideWidth)));
  const end = Math.max(first, Math.min(g.outWidth, Math.floor((g.inWidth - 1 - shift) / g.strideWidth) + 1));
  return { shift, first, end };
}

/**
 * What taps `from` to `to` (excluded) of a filter see: x `[n, h, w, c]` → `[taps · c, n · outHeight · outWidth]`, zero
 * outside the image. Channels become rows, so that a matrix product with the gradient of the output is the filter's.
 */
export function patches(out: Float32Array, x: Float32Array, g: ConvGeometry, from: number, to: number): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth } = g;
  const planes = new Float32Array(x.length);
  transposeLast(planes, x, batchSize, inHeight * inWidth, inChannels);
  const columns = batchSize * outHeight * outWidth;
  out.fill(0);
  for (let tap = from; tap < to; tap++) {
    const { shift, first, end } = insideRow(g, tap % g.filterWidth);
    const rise = Math.floor(tap / g.filterWidth) * g.dilationHeight - g.padInfo.top;
    const length = end - first;
    if (length === 0) continue;
    for (let n = 0; n < batchSize; n++) {
      for (let c = 0; c < inChannels; c++) {
        const plane = (n * inChannels + c) * inHeight * inWidth;
        const row = ((tap - from) * inChannels + c) * columns + n * outHeight * outWidth;
        for (let oy = 0; oy < outHeight; oy++) {
          const y = oy * strideHeight + rise;
          if (y < 0 || y >= inHeight) continue;
          const source = plane + y * inWidth + first * strideWidth + shift;
          const target = row + oy * outWidth + first;
          if (strideWidth === 1) copyRun(out, target, planes, source, length);
          else for (let i = 0; i < length; i++) out[target + i] = planes[source + i * strideWidth]!;
        }
      }
    }
  }
}

/** Calls back for every tap inside the image: the pixel in x, and the place in `[pixels of y, taps]`. */
export function eachTap(g: ConvGeometry, visit: (pixel: number, place: number) => void): void {
  const taps = g.filterHeight * g.filterWidth;
  for (let n = 0, out = 0; n < g.batchSize; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++, out++) {
        for (let ky = 0; ky < g.filterHeight; ky++) {
          const y = oy * g.strideHeight + ky * g.dilationHeight - g.padInfo.top;
          if (y < 0 || y >= g.inHeight) continue;
          const row = (n * g.inHeight + y) * g.inWidth;
          for (let kx = 0; kx < g.filterWidth; kx++) {
            const x = ox * g.strideWidth + kx * g.dilationWidth - g.padInfo.left;
            if (x >= 0 && x < g.inWidth) visit(row + x, out * taps + ky * g.filterWidth + kx);
          }
        }
      }
    }
  }
}

/** x `[n, h, w, c]` → `[n · outHeight · outWidth, taps · c]`, zero outside the image. */
export function columns(out: Float32Array, x: Float32Array, g: ConvGeometry): void {
  const c = g.inChannels;
  out.fill(0);
  eachTap(g, (pixel, place) => {
    copyRun(out, place * c, x, pixel * c, c);
  });
}

/** Its transpose: adds each value to the pixel that it was taken from. */
export function addColumns(x: Float32Array, values: Float32Array, g: ConvGeometry): void {
  const c = g.inChannels;
  x.fill(0);
  eachTap(g, (pixel, place) => {
    const to = pixel * c;
    const from = place * c;
    for (let i = 0; i < c; i++) x[to + i]! += values[from + i]!;
  });
}
