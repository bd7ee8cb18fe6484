import type { GradConfig } from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Local response normalisation, and grey-scale dilation. */
export const localGradient: GradConfig[] = [
  gradient('LRN', { inputs: ['x'], outputs: [true] }, (dy, [x, y], attributes) => ({
    x: () => runKernel('LRNGrad', { x, y, dy }, attributes),
  })),
  gradient('Dilation2D', { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) => ({
    x: () => runKernel('Dilation2DBackpropInput', { x, filter, dy }, attributes),
    filter: () => runKernel('Dilation2DBackpropFilter', { x, filter, dy }, attributes),
  })),
];
