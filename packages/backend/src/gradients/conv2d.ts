import type { GradConfig } from '@tensorflow/tfjs-core';
import type { ConvAttributes } from '../kernels/conv-geometry';
import type { FilterAttributes, InputAttributes } from '../kernels/conv2d-kernels';
import { runConvolution as runKernel } from '../kernels/run-convolution';
import { gradient } from './define';

/**
 * Convolutions at any stride, dilation and padding. The convolution and its two gradients are linear in each of their
 * inputs, so each of the three kernels is made of the other two: second derivatives work as well.
 */
function family(forward: string, ofInput: string, ofFilter: string): GradConfig[] {
  return [
    gradient<ConvAttributes>(forward, { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) => ({
      x: () => runKernel(ofInput, { dy, filter }, { ...attributes, inputShape: x!.shape }),
      filter: () => runKernel(ofFilter, { x, dy }, { ...attributes, filterShape: filter!.shape }),
    })),
    // The transposed convolution.
    gradient<InputAttributes>(ofInput, { inputs: ['dy', 'filter'] }, (dx, [dy, filter], attributes) => ({
      dy: () => runKernel(forward, { x: dx, filter }, { dilations: 1, dataFormat: 'NHWC', ...attributes }),
      filter: () => runKernel(ofFilter, { x: dx, dy }, { ...attributes, filterShape: filter!.shape }),
    })),
    gradient<FilterAttributes>(ofFilter, { inputs: ['x', 'dy'] }, (filter, [x, dy], attributes) => ({
      x: () => runKernel(ofInput, { dy, filter }, { ...attributes, inputShape: x!.shape }),
      dy: () => runKernel(forward, { x, filter }, { dilations: 1, dataFormat: 'NHWC', ...attributes }),
    })),
  ];
}

export const conv2dGradient: GradConfig[] = [
  ...family('Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'),
  ...family('DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'),
];
