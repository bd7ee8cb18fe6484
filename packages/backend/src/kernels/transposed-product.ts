import { matMul, type Tensor, transpose } from '@tensorflow/tfjs-core';

/**
 * xᵀ·y over the last two axes. WASM packs the right factor, which costs more than a transposition: it is the narrower
 * one.
 */
export function transposedProduct(x: Tensor, y: Tensor): Tensor {
  if (x.shape.at(-1)! >= y.shape.at(-1)!) return matMul(swapLast(x), y);
  return swapLast(matMul(swapLast(y), x));
}

/** Transposes the last two axes. */
export function swapLast(x: Tensor): Tensor {
  const order = x.shape.map((_, i) => i);
  const last = order.length - 1;
  [order[last - 1], order[last]] = [last, last - 1];
  return transpose(x, order);
}
