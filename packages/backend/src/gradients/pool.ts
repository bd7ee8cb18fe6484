import type { GradConfig } from '@tensorflow/tfjs-core';
import type { PoolAttributes } from '../kernels/pool-backprop';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Pooling over windows. */
export const poolGradient: GradConfig[] = [
  gradient<PoolAttributes>('MaxPool', { inputs: ['x'], output: true }, (dy, [x, y], attributes) => ({
    x: () => runKernel('MaxPoolGrad', { dy, input: x, output: y }, attributes),
  })),
  gradient<PoolAttributes>('AvgPool', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => runKernel('AvgPoolGrad', { dy, input: x }, attributes),
  })),
];
