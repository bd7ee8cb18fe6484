import type { Tensor4D } from '@tensorflow/tfjs-core';
import { composedKernel } from '../kernels/composed-kernel';
import type { Kernel } from '../kernels/host-kernel';
import type { ResizeAttributes } from '../kernels/resize-taps';
import { operation, shapeTensor } from './operation';

const convention = ({ alignCorners, halfPixelCenters }: ResizeAttributes) => ({
  align_corners: alignCorners,
  half_pixel_centers: halfPixelCenters,
});

/** The gradients of resizing, told of half pixels as well: TensorFlow.js keeps that to itself. */
export const resizingKernels: readonly Kernel[] = [
  composedKernel<{ images: Tensor4D; dy: Tensor4D }, ResizeAttributes>(
    'ResizeBilinearGrad',
    ({ images, dy }, attributes) => operation('ResizeBilinearGrad', [dy, images], convention(attributes)),
  ),
  composedKernel<{ images: Tensor4D; dy: Tensor4D }, ResizeAttributes>(
    'ResizeNearestNeighborGrad',
    ({ images, dy }, attributes) => {
      const size = shapeTensor(images.shape.slice(1, 3));
      return operation('ResizeNearestNeighborGrad', [dy, size], convention(attributes));
    },
  ),
];
