import { matMul, type Rank, reshape, type Tensor4D, transpose } from '@tensorflow/tfjs-core';
import { composedKernel } from './composed-kernel';
import { type ConvGeometry, convGeometry, isPointwise } from './conv-geometry';
import type { InputAttributes } from './conv2d-kernels';
import { runKernel } from './run-kernel';

/**
 * The gradient of a convolution's input, which is also the transposed convolution. Two ways to the same sum: the
 * gradient of the output convolved with the flipped filter, at the same dilation; or its product with the filter as a
 * matrix, whose columns are added up where the taps were.
 */
export const conv2dBackpropInput = composedKernel<{ dy: Tensor4D; filter: Tensor4D }, InputAttributes>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const g = convGeometry(inputShape, filter.shape, attributes);
    const shapes = { ...attributes, filterShape: filter.shape };
    if (!isPointwise(g) && convolves(g)) {
      return runKernel(
        'Conv2D',
        { x: runKernel('_WsssZeroInsert', { dy }, shapes), filter: runKernel('_WsssFlipFilter', { filter }, {}) },
        { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: [g.dilationHeight, g.dilationWidth] },
      );
    }
    const weights = reshape<Rank.R2>(filter, [-1, g.outChannels]);
    const columns = matMul(reshape<Rank.R2>(dy, [-1, g.outChannels]), transpose(weights));
    return isPointwise(g) ? reshape(columns, inputShape) : runKernel('_WsssAddColumns', { columns }, shapes);
  },
);

/**
 * A convolution multiplies the zeros that a stride inserts, and each call turns its filter round; the product needs
 * room for every tap of every pixel. Measured: the product wins below ten pixels for each channel.
 */
function convolves(g: ConvGeometry): boolean {
  return g.strideHeight * g.strideWidth === 1 && g.batchSize * g.outHeight * g.outWidth > 10 * g.inChannels;
}
