import type { GradConfig } from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Pooling over windows of two and three axes. */
export const poolGradient: GradConfig[] = ['', '3D'].flatMap((kind) => [
  gradient(`MaxPool${kind}`, { inputs: ['x'], outputs: [true] }, (dy, [x, y], attributes) => ({
    x: () => runKernel(`MaxPool${kind}Grad`, { dy, input: x, output: y }, attributes),
  })),
  gradient(`AvgPool${kind}`, { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => runKernel(`AvgPool${kind}Grad`, { dy, input: x }, attributes),
  })),
]);
