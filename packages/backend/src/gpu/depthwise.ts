import { reshape, sum, type Tensor4D } from '@tensorflow/tfjs-core';
import { composedKernel } from '../kernels/composed-kernel';
import { convGeometry } from '../kernels/conv-geometry';
import type { FilterAttributes, InputAttributes } from '../kernels/conv2d-kernels';
import { runKernel } from '../kernels/run-kernel';
import { gpuKernel } from './gpu-kernel';
import { eachWindowOver, INPUT_PLACE, windowNumbers } from './window-numbers';

/** The gradient of a depthwise convolution's input: over the windows that see a pixel, and the outputs of its channel. */
export const depthwiseBackpropInput = gpuKernel<'dy' | 'filter', InputAttributes>(
  'DepthwiseConv2dNativeBackpropInput',
  ['dy', 'filter'],
  ({ filter }, attributes) => {
    const g = convGeometry(attributes.inputShape, filter.shape, attributes, true);
    return {
      shape: attributes.inputShape,
      ints: { ...windowNumbers(g), multiplier: filter.shape[3]! },
      code: `${INPUT_PLACE}${eachWindowOver(`
        int outputs = (((n * outHeight + oy) * outWidth + ox) * channels + c) * multiplier;
        int weights = ((ky * filterWidth + kx) * channels + c) * multiplier;
        for (int m = 0; m < multiplier; m++) {
          value += getDy(outputs + m) * getFilter(weights + m);
        }`)}`,
    };
  },
);

/** The part of each row of outputs in the gradient of the filter: `[rows, kh · kw · c · m]`. */
export const depthwiseRows = gpuKernel<'x' | 'dy', FilterAttributes>(
  '_WsssDepthwiseRows',
  ['x', 'dy'],
  ({ x }, attributes) => {
    const g = convGeometry(x.shape, attributes.filterShape, attributes, true);
    const multiplier = attributes.filterShape[3];
    const weights = g.filterHeight * g.filterWidth * g.inChannels * multiplier;
    return {
      shape: [g.batchSize * g.outHeight, weights],
      ints: { ...windowNumbers(g), multiplier, weights },
      code: `
        int weight = index % weights;
        int row = index / weights;
        int c = (weight / multiplier) % channels;
        int tap = weight / multiplier / channels;
        int y = (row % outHeight) * strideHeight + (tap / filterWidth) * dilationHeight - padTop;
        int inRow = (row / outHeight * inHeight + y) * inWidth;
        if (y >= 0 && y < inHeight) {
          for (int ox = 0; ox < outWidth; ox++) {
            int x = ox * strideWidth + (tap % filterWidth) * dilationWidth - padLeft;
            if (x >= 0 && x < inWidth) {
              int place = (row * outWidth + ox) * channels * multiplier + c * multiplier + weight % multiplier;
              value += getX((inRow + x) * channels + c) * getDy(place);
            }
          }
        }`,
    };
  },
);

/** The gradient of a depthwise convolution's filter `[kh, kw, c, m]`: row by row, as one filter makes few threads. */
export const depthwiseBackpropFilter = composedKernel<{ x: Tensor4D; dy: Tensor4D }, FilterAttributes>(
  'DepthwiseConv2dNativeBackpropFilter',
  (inputs, attributes) => reshape(sum(runKernel('_WsssDepthwiseRows', inputs, attributes), 0), attributes.filterShape),
);
