import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { Finish } from './convolve';
import type { SimdModule } from './simd-module';

const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
};

/**
 * What follows a sum in a fused kernel: `undefined` if it is not one bias a channel and bounds. The addresses are
 * looked up when the rest is: later than any allocation.
 */
export function fusedFinish(
  { bias }: { bias?: TensorInfo | null },
  activation = 'linear',
  channels: number,
): ((module: SimdModule) => Finish | undefined) | undefined {
  const bounds = BOUNDS[activation];
  if (!bounds || (bias && !isPerChannel(bias, channels))) return undefined;
  const [low, high] = bounds;
  if (!bias && activation === 'linear') return () => undefined;
  return (module) => ({ bias: bias ? module.address(bias) : 0, low, high });
}

function isPerChannel({ shape }: TensorInfo, channels: number): boolean {
  return util.sizeFromShape(shape) === channels && (shape.length === 0 || shape.at(-1) === channels);
}
