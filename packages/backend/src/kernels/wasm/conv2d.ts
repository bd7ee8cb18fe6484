import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import { shortcut } from '../composed-kernel';
import { type ConvAttributes, type ConvGeometry, convGeometry, isPointwise } from '../conv-geometry';
import { runKernel } from '../run-kernel';

/** Filters that were convolved with before: XNNPACK keeps them packed. */
const packed = new WeakSet<object>();

/**
 * XNNPACK wants its filters in another order; the stock kernel reorders a new one value by value, which takes longer
 * than the convolution where there are few pixels, and training brings new filters at every step. As a matrix product
 * the filter is taken as it is.
 */
export const conv2d = shortcut<{ x: Tensor; filter: Tensor }, ConvAttributes>(({ x, filter }, attributes) => {
  if (attributes.dataFormat === 'NCHW') return undefined;
  const g = convGeometry(x.shape, filter.shape, attributes);
  if (isPointwise(g)) return byProduct(reshape(x, [-1, g.inChannels]), filter, g);
  if (packed.has(filter.dataId)) return undefined;
  packed.add(filter.dataId);
  if (g.batchSize * g.outHeight * g.outWidth > 10 * g.outChannels) return undefined;
  const columns = runKernel('_WsssColumns', { x }, { ...attributes, filterShape: filter.shape });
  return byProduct(columns, filter, g);
});

function byProduct(a: Tensor, filter: Tensor, g: ConvGeometry): Tensor {
  const b = reshape(filter, [-1, g.outChannels]);
  return reshape(runKernel('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }), g.outShape);
}
