import type { ConvGeometry } from './conv-geometry';

/**
 * What each tap of a filter sees: x `[n, h, w, c]` → `[taps · c, n · outHeight · outWidth]`, zero where a tap is
 * outside. Channels become rows, so that a matrix product with the gradient of the output gives the filter's.
 */
export function patches(out: Float32Array, x: Float32Array, g: ConvGeometry): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = g;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = g;
  const columns = batchSize * outHeight * outWidth;
  let block = 0;
  for (let ky = 0; ky < filterHeight; ky++) {
    for (let kx = 0; kx < filterWidth; kx++, block += inChannels * columns) {
      let column = block;
      for (let n = 0; n < batchSize; n++) {
        for (let oy = 0; oy < outHeight; oy++) {
          const y = oy * strideHeight + ky * dilationHeight - padInfo.top;
          if (y < 0 || y >= inHeight) {
            for (let c = 0; c < inChannels; c++) {
              out.fill(0, column + c * columns, column + c * columns + outWidth);
            }
            column += outWidth;
            continue;
          }
          const row = (n * inHeight + y) * inWidth;
          for (let ox = 0; ox < outWidth; ox++, column++) {
            const xx = ox * strideWidth + kx * dilationWidth - padInfo.left;
            if (xx < 0 || xx >= inWidth) {
              for (let c = 0, o = column; c < inChannels; c++, o += columns) out[o] = 0;
            } else {
              const from = (row + xx) * inChannels;
              for (let c = 0, o = column; c < inChannels; c++, o += columns) out[o] = x[from + c]!;
            }
          }
        }
      }
    }
  }
}
