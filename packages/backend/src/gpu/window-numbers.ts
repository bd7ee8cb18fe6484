import type { backend_util } from '@tensorflow/tfjs-core';

/** The sizes of a sliding window, as shaders take them. */
export function windowNumbers(g: backend_util.Conv2DInfo): Record<string, number> {
  return {
    inHeight: g.inHeight,
    inWidth: g.inWidth,
    outHeight: g.outHeight,
    outWidth: g.outWidth,
    channels: g.inChannels,
    filterHeight: g.filterHeight,
    filterWidth: g.filterWidth,
    strideHeight: g.strideHeight,
    strideWidth: g.strideWidth,
    dilationHeight: g.dilationHeight,
    dilationWidth: g.dilationWidth,
    padTop: g.padInfo.top,
    padLeft: g.padInfo.left,
  };
}

/** `index` → image `n`, pixel `y`, `x`, and channel `c` of the input. */
export const INPUT_PLACE = `
  int c = index % channels;
  int x = (index / channels) % inWidth;
  int y = (index / channels / inWidth) % inHeight;
  int n = index / channels / inWidth / inHeight;`;

/** Runs the code for every window and tap that see pixel `y`, `x`: `ky`, `kx` of the window at `oy`, `ox`. */
export const eachWindowOver = (code: string): string => `
  for (int ky = 0; ky < filterHeight; ky++) {
    int fromY = y + padTop - ky * dilationHeight;
    if (fromY >= 0 && fromY % strideHeight == 0 && fromY / strideHeight < outHeight) {
      int oy = fromY / strideHeight;
      for (int kx = 0; kx < filterWidth; kx++) {
        int fromX = x + padLeft - kx * dilationWidth;
        if (fromX >= 0 && fromX % strideWidth == 0 && fromX / strideWidth < outWidth) {
          int ox = fromX / strideWidth;
          ${code}
        }
      }
    }
  }`;
