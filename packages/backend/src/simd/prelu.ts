import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { accelerate } from './accelerate';
import { isPerChannel } from './fused-finish';

/** PReLU with one slope a channel. */
export const simdPrelu = accelerate<{ x: TensorInfo; alpha: TensorInfo }, object>((module, { x, alpha }) => {
  const channels = x.shape.at(-1) ?? 1;
  if (!isPerChannel(alpha, channels) || alpha.shape.length > x.shape.length) return undefined;
  const out = module.output(x.shape);
  const pixels = util.sizeFromShape(x.shape) / channels;
  module.prelu(module.address(x), module.address(alpha), module.address(out), pixels, channels);
  return out;
});
