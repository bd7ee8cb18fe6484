import { broadcast_util, cast, mul, ones, reshape, sum, type Tensor } from '@tensorflow/tfjs-core';

/** Undoes broadcasting: sums the gradient of a broadcast result over what was repeated. */
export function reduceTo(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = broadcast_util.getReductionAxes([...shape], gradient.shape);
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, [...shape]);
}

/** Repeats a tensor along its axes of size one; it has the rank of `shape` already. */
export function spread(tensor: Tensor, shape: readonly number[]): Tensor {
  return mul(tensor, ones([...shape]));
}

/** As floats: gradients are, whatever the operand is. */
export function float(tensor: Tensor): Tensor {
  return tensor.dtype === 'float32' ? tensor : cast(tensor, 'float32');
}
