import { concat, matMul, type Rank, reshape, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { composedKernel } from './composed-kernel';
import { convGeometry, isPointwise } from './conv-geometry';
import type { FilterAttributes } from './conv2d-kernels';
import { runKernel } from './run-kernel';
import { transposedProduct } from './transposed-product';

/** Floats that patches may take at a time: 32 MiB. */
const MOST_FLOATS = 2 ** 23;

/** The gradient of a convolution's filter: a matrix product of what each tap sees with the gradient of the output. */
export const conv2dBackpropFilter = composedKernel<{ x: Tensor4D; dy: Tensor4D }, FilterAttributes>(
  'Conv2DBackpropFilter',
  ({ x, dy }, attributes) => {
    const { filterShape } = attributes;
    const g = convGeometry(x.shape, filterShape, attributes);
    const rows = reshape<Rank.R2>(dy, [-1, g.outChannels]);
    if (isPointwise(g)) return reshape(transposedProduct(reshape(x, [-1, g.inChannels]), rows), filterShape);
    const count = g.filterHeight * g.filterWidth;
    const atATime = Math.max(1, Math.floor(MOST_FLOATS / (g.inChannels * rows.shape[0])));
    const parts: Tensor2D[] = [];
    for (let from = 0; from < count; from += atATime) {
      const to = Math.min(count, from + atATime);
      const seen = runKernel('_WsssPatches', { x }, { ...attributes, from, to }) as Tensor2D;
      parts.push(matMul(seen, rows));
      seen.dispose();
    }
    return reshape(concat(parts, 0), filterShape);
  },
);
