import {
  matMul,
  type Rank,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import { composedKernel } from './composed-kernel';
import { type ConvAttributes, convGeometry } from './conv-geometry';
import { hostKernel } from './host-kernel';
import { patches } from './patches';
import { runKernel } from './run-kernel';

export interface FilterAttributes extends ConvAttributes {
  filterShape: [number, number, number, number];
}

/** `[taps · cIn, positions]`: see {@link patches}. */
export const patchesKernel = hostKernel<'x', FilterAttributes>('_WsssPatches', ['x'], ({ x }, attributes) => {
  const g = convGeometry(x.shape, attributes.filterShape, attributes);
  const shape = [g.filterHeight * g.filterWidth * g.inChannels, g.batchSize * g.outHeight * g.outWidth];
  return { shape, run: (out, [values]) => patches(out as Float32Array, values as Float32Array, g) };
});

/** The gradient of a convolution's filter: a matrix product of what each tap sees with the gradient of the output. */
export const conv2dBackpropFilter = composedKernel<{ x: Tensor4D; dy: Tensor4D }, FilterAttributes>(
  'Conv2DBackpropFilter',
  ({ x, dy }, attributes) => {
    const { filterShape } = attributes;
    const g = convGeometry(x.shape, filterShape, attributes);
    const rows = reshape<Rank.R2>(dy, [-1, g.outChannels]);
    const pointwise = g.filterHeight * g.filterWidth === 1 && g.outHeight === g.inHeight && g.outWidth === g.inWidth;
    if (pointwise && g.strideHeight * g.strideWidth === 1 && g.padInfo.top === 0 && g.padInfo.left === 0) {
      const pixels = reshape<Rank.R2>(x, [-1, g.inChannels]);
      // The narrower of the two is transposed.
      const product: Tensor =
        g.inChannels <= g.outChannels
          ? matMul(transpose(pixels), rows)
          : transpose(matMul(transpose(rows) as Tensor2D, pixels));
      return reshape(product, filterShape);
    }
    return reshape(matMul(runKernel('_WsssPatches', { x }, attributes) as Tensor2D, rows), filterShape);
  },
);
