import { matMul, reshape, type Tensor, type Tensor4D, tensor2d } from '@tensorflow/tfjs-core';
import { composedKernel } from '../kernels/composed-kernel';
import type { Kernel } from '../kernels/host-kernel';
import { linearTaps, nearestTaps, type ResizeAttributes } from '../kernels/resize-taps';

/** How much each pixel of the source has in each of the result, along one axis: `[from, to]`. */
type Weights = (from: number, to: number, attributes: ResizeAttributes) => Tensor;

const linear: Weights = (from, to, attributes) => {
  const weights = new Float32Array(from * to);
  const { low, high, weight } = linearTaps(from, to, attributes);
  for (let i = 0; i < to; i++) {
    weights[low[i]! * to + i]! += 1 - weight[i]!;
    weights[high[i]! * to + i]! += weight[i]!;
  }
  return tensor2d(weights, [from, to]);
};

const nearest: Weights = (from, to, attributes) => {
  const weights = new Float32Array(from * to);
  for (const [i, pixel] of nearestTaps(from, to, attributes).entries()) weights[pixel * to + i] = 1;
  return tensor2d(weights, [from, to]);
};

/** A resize is linear along each axis: its gradient is a matrix product along one after the other. */
const gradient = (kernelName: string, weights: Weights): Kernel =>
  composedKernel<{ dy: Tensor4D; images: Tensor4D }, ResizeAttributes>(kernelName, ({ dy, images }, attributes) => {
    const [batch, height, width, channels] = images.shape;
    const [, toHeight, toWidth] = dy.shape;
    const rows = along(weights(height, toHeight, attributes), reshape(dy, [batch, toHeight, toWidth * channels]));
    const pixels = reshape(rows, [batch * height, toWidth, channels]);
    return reshape(along(weights(width, toWidth, attributes), pixels), images.shape);
  });

/** `[from, to]` times each matrix `[to, m]` of a batch. */
function along(weights: Tensor, x: Tensor): Tensor {
  return matMul(reshape(weights, [1, ...weights.shape]), x);
}

export const resizeBilinearGrad = gradient('ResizeBilinearGrad', linear);
export const resizeNearestGrad = gradient('ResizeNearestNeighborGrad', nearest);
