import type { backend_util } from '@tensorflow/tfjs-core';

/** Sizes of a convolution or pooling over depth, height and width, channels last. */
export type Geometry3D = backend_util.Conv3DInfo;

/** Calls back for every tap inside the volume, output by output: the places of input and output, and the tap. */
export function eachTap3d(g: Geometry3D, visit: (input: number, output: number, tap: number) => void): void {
  const { padInfo, inDepth, inHeight, inWidth, filterDepth, filterHeight, filterWidth } = g;
  let output = 0;
  for (let n = 0; n < g.batchSize; n++) {
    for (let od = 0; od < g.outDepth; od++) {
      for (let oy = 0; oy < g.outHeight; oy++) {
        for (let ox = 0; ox < g.outWidth; ox++, output++) {
          for (let kd = 0; kd < filterDepth; kd++) {
            const d = od * g.strideDepth + kd * g.dilationDepth - padInfo.front;
            if (d < 0 || d >= inDepth) continue;
            for (let ky = 0; ky < filterHeight; ky++) {
              const y = oy * g.strideHeight + ky * g.dilationHeight - padInfo.top;
              if (y < 0 || y >= inHeight) continue;
              const row = ((n * inDepth + d) * inHeight + y) * inWidth;
              for (let kx = 0; kx < filterWidth; kx++) {
                const x = ox * g.strideWidth + kx * g.dilationWidth - padInfo.left;
                if (x >= 0 && x < inWidth) visit(row + x, output, (kd * filterHeight + ky) * filterWidth + kx);
              }
            }
          }
        }
      }
    }
  }
}
