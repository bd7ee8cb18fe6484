import {
  add,
  cast,
  getBackend,
  getKernel,
  mul,
  range,
  reshape,
  type Tensor,
  transpose,
  unsortedSegmentSum,
  util,
} from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/run-kernel';

const KERNEL = '_WsssGatherBackprop';

/** Adds slices of dy to where they were gathered from; `shape` is that of what was gathered from. */
export function ungather(dy: Tensor, indices: Tensor, shape: number[], axis: number, batchDims: number): Tensor {
  const [along] = util.parseAxisParam(axis, shape) as [number];
  const ids = cast(indices, 'int32');
  if (getKernel(KERNEL, getBackend()))
    return runKernel(KERNEL, { dy, indices: ids }, { shape, axis: along, batchDims });

  // The same where no kernel of ours is: rows of one long matrix are summed by their number.
  const size = (sizes: number[]) => util.sizeFromShape(sizes);
  const [batches, outer] = [size(shape.slice(0, batchDims)), size(shape.slice(batchDims, along))];
  const [rows, inner] = [shape[along]!, size(shape.slice(along + 1))];
  const count = size(indices.shape) / batches;
  const lines = reshape(transpose(reshape(dy, [batches, outer, count, inner]), [0, 2, 1, 3]), [-1, outer * inner]);
  const offsets = reshape(mul(range(0, batches, 1, 'int32'), rows), [batches, 1]);
  const numbers = reshape(add(reshape(ids, [batches, count]), offsets), [-1]);
  const sums = unsortedSegmentSum(lines, cast(numbers, 'int32') as never, batches * rows);
  return reshape(transpose(reshape(sums, [batches, rows, outer, inner]), [0, 2, 1, 3]), shape);
}
