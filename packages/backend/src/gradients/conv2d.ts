import type { GradConfig } from '@tensorflow/tfjs-core';
import type { ConvAttributes } from '../kernels/conv-geometry';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Convolutions, at any stride, dilation and padding. */
export const conv2dGradient: GradConfig[] = [
  gradient<ConvAttributes>('Conv2D', { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) => ({
    x: () => runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x!.shape }),
    filter: () => runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter!.shape }),
  })),
  // The transposed convolution is linear in dy; its own gradient is the convolution.
  gradient<ConvAttributes>('Conv2DBackpropInput', { inputs: ['dy', 'filter'] }, (ddx, [dy, filter], attributes) => ({
    dy: () => runKernel('Conv2D', { x: ddx, filter }, { dilations: 1, ...attributes }),
    filter: () => runKernel('Conv2DBackpropFilter', { x: ddx, dy }, { ...attributes, filterShape: filter!.shape }),
  })),
];
