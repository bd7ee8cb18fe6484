import type { GradConfig } from '@tensorflow/tfjs-core';
import type { ResizeAttributes } from '../kernels/resize-taps';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Resizing images. */
export const resizeGradient: GradConfig[] = ['ResizeBilinear', 'ResizeNearestNeighbor'].map((name) =>
  gradient<ResizeAttributes>(name, { inputs: ['images'] }, (dy, [images], attributes) => ({
    images: () => runKernel(`${name}Grad`, { images, dy }, attributes),
  })),
);
