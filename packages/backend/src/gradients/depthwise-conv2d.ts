import type { GradConfig } from '@tensorflow/tfjs-core';
import type { ConvAttributes } from '../kernels/conv-geometry';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Depthwise convolutions, at any stride, dilation, padding and channel multiplier. */
export const depthwiseConv2dGradient: GradConfig[] = [
  gradient<ConvAttributes>('DepthwiseConv2dNative', { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) => ({
    x: () => runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attributes, inputShape: x!.shape }),
    filter: () =>
      runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attributes, filterShape: filter!.shape }),
  })),
];
