import { backend_util } from '@tensorflow/tfjs-core';
import { explicitPadding, pair, type WindowAttributes } from './explicit-padding';

/** Attributes of the kernels of two-dimensional pooling. */
export interface PoolAttributes extends WindowAttributes {
  filterSize: number | [number, number];
}

/** Sizes of a pooling in channels-last layout. */
export type PoolGeometry = backend_util.Conv2DInfo;

export function poolGeometry(input: readonly number[], attributes: PoolAttributes): PoolGeometry {
  const shape = [...input] as [number, number, number, number];
  const { filterSize, strides, pad } = explicitPadding([shape[1], shape[2]], pair(attributes.filterSize), attributes);
  return backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
}

/**
 * Calls back for every window with the part of it that lies inside the input: its image, its place in the output, rows
 * y0..y1 and columns x0..x1, ends excluded. A window may lie in the padding altogether.
 */
export function eachWindow(
  g: PoolGeometry,
  visit: (image: number, out: number, y0: number, y1: number, x0: number, x1: number) => void,
): void {
  const { batchSize, outHeight, outWidth, inHeight, inWidth, filterHeight, filterWidth, strideHeight, strideWidth } = g;
  for (let n = 0, out = 0; n < batchSize; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideHeight - g.padInfo.top;
      const [y0, y1] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)];
      for (let ox = 0; ox < outWidth; ox++, out++) {
        const left = ox * strideWidth - g.padInfo.left;
        visit(n, out, y0, y1, Math.max(0, left), Math.min(inWidth, left + filterWidth));
      }
    }
  }
}
