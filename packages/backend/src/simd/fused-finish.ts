import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Finish } from './convolve';
import type { SimdModule } from './simd-module';

const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
  prelu: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};

/** Inputs of a fused kernel besides its factors. */
export interface FusedExtras {
  bias?: TensorInfo | null;
  preluActivationWeights?: TensorInfo | null;
}

/** What follows a sum in a fused kernel. */
export interface FusedFinish {
  /** Bias and bounds, which end each sum; looked up when the sum begins, after all allocations. */
  during(module: SimdModule): Finish | undefined;
  /** PReLU, in place. */
  after(module: SimdModule, out: TensorInfo): void;
}

/** @returns `undefined` if it is not one bias a channel, and bounds or one slope a channel. */
export function fusedFinish(
  { bias, preluActivationWeights: slopes }: FusedExtras,
  activation = 'linear',
  channels: number,
): FusedFinish | undefined {
  const bounds = BOUNDS[activation];
  if (!bounds || (bias && !isPerChannel(bias, channels))) return undefined;
  if (activation === 'prelu' && !(slopes && isPerChannel(slopes, channels))) return undefined;
  const [low, high] = bounds;
  return {
    during: (module) =>
      bias || Number.isFinite(low) ? { bias: bias ? module.address(bias) : 0, low, high } : undefined,
    after: (module, out) => {
      if (activation !== 'prelu') return;
      const at = module.address(out);
      module.prelu(at, module.address(slopes!), at, util.sizeFromShape(out.shape) / channels, channels);
    },
  };
}

/** Whether there is one value for each of the last axis of a result. */
export function isPerChannel({ shape }: TensorInfo, channels: number): boolean {
  return util.sizeFromShape(shape) === channels && shape.at(-1) === channels;
}
