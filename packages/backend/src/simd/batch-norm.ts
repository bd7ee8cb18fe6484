import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { accelerate } from './accelerate';

interface NormInputs {
  x: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
  offset?: TensorInfo;
  scale?: TensorInfo;
}

/** Batch norm on given statistics, one of each a channel. */
export const simdBatchNorm = accelerate<NormInputs, { varianceEpsilon: number }>(
  (module, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const channels = x.shape.at(-1) ?? 1;
    const pixels = util.sizeFromShape(x.shape) / channels;
    if ([mean, variance, offset, scale].some((each) => each && each.shape.join() !== `${channels}`)) return undefined;
    const out = module.output(x.shape);
    module.scratch(channels * 8, (factors) => {
      const at = (tensor?: TensorInfo) => (tensor ? module.address(tensor) : 0);
      const given = [at(x), at(mean), at(variance), at(offset), at(scale)] as const;
      module.batchNorm(...given, varianceEpsilon, at(out), pixels, channels, factors);
    });
    return out;
  },
);

/** The sums that the gradient of its scale needs. */
export const simdCentredProducts = accelerate<{ dy: TensorInfo; x: TensorInfo; mean: TensorInfo }, object>(
  (module, { dy, x, mean }) => {
    const channels = x.shape.at(-1) ?? 1;
    const out = module.output(mean.shape);
    module.scratch(channels * 8, (sums) => {
      const addresses = [dy, x, mean, out].map(module.address) as [number, number, number, number];
      module.centredProducts(...addresses, util.sizeFromShape(x.shape) / channels, channels, sums);
    });
    return out;
  },
);
