import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Axes, sumBlocks } from '../kernels/wasm/sum';
import { accelerate } from './accelerate';

/** Sums, or means, over axes side by side that are not the last. */
const leadingSum = (average: boolean) =>
  accelerate<{ x: TensorInfo }, Axes>((module, { x }, attributes) => {
    const found = sumBlocks(x.shape, attributes);
    if (!found || found.sizes[2] === 1) return undefined;
    const { axes, sizes } = found;
    const [outer, rows, columns] = sizes;
    const kept = x.shape.flatMap((n, i) => (axes.includes(i) ? (attributes.keepDims ? [1] : []) : [n]));
    const out = module.output(kept);
    module.scratch(columns * 8, (sums) => {
      const [from, to] = [module.address(x), module.address(out)];
      module.sumRows(from, to, outer, rows, columns, average ? 1 / rows : 1, sums);
    });
    return out;
  });

export const simdSum = leadingSum(false);
export const simdMean = leadingSum(true);
