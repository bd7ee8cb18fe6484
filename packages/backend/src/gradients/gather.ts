import {
  cast,
  type GradConfig,
  gather,
  gatherND,
  greaterEqual,
  less,
  logicalAnd,
  maximum,
  minimum,
  mul,
  reshape,
  scatterND,
  type Tensor,
  tensorScatterUpdate,
  zeros,
} from '@tensorflow/tfjs-core';
import { gradient, gradientOfList } from './define';
import { ungather } from './gather-scatter';

/** What a segment sum took from each row; rows with an id outside were dropped. */
function unsegment(dy: Tensor, ids: Tensor): Tensor {
  const [count] = dy.shape as [number];
  const inside = cast(logicalAnd(greaterEqual(ids, 0), less(ids, count)), 'float32');
  const rows = gather(dy, cast(minimum(maximum(ids, 0), count - 1), 'int32'));
  return mul(rows, reshape(inside, [...ids.shape, ...dy.shape.slice(1).map(() => 1)]));
}

/** Moving values by index: what was taken twice gets both gradients. */
export const gatherGradient: GradConfig[] = [
  gradient<{ axis: number; batchDims?: number }>(
    'GatherV2',
    { inputs: ['x', 'indices'] },
    (dy, [x, indices], { axis, batchDims = 0 }) => ({
      x: () => ungather(dy, indices!, x!.shape, axis, batchDims),
      indices: () => zeros(indices!.shape),
    }),
  ),
  gradient('GatherNd', { inputs: ['params', 'indices'] }, (dy, [params, indices]) => ({
    params: () => scatterND(cast(indices!, 'int32'), dy, params!.shape),
    indices: () => zeros(indices!.shape),
  })),
  gradient('ScatterNd', { inputs: ['indices'] }, (dy, [indices]) => ({
    indices: () => zeros(indices!.shape),
    updates: () => gatherND(dy, indices!),
  })),
  gradient('TensorScatterUpdate', { inputs: ['indices', 'updates'] }, (dy, [indices, updates]) => ({
    tensor: () => tensorScatterUpdate(dy, indices!, zeros(updates!.shape)),
    indices: () => zeros(indices!.shape),
    updates: () => gatherND(dy, indices!),
  })),
  gradient('UnsortedSegmentSum', { inputs: ['segmentIds'] }, (dy, [ids]) => ({
    x: () => unsegment(dy, ids!),
    segmentIds: () => zeros(ids!.shape),
  })),
  gradientOfList('TopK', { inputs: ['x'], outputs: [false, true] }, ([dy], [x, indices]) => ({
    x: () => ungather(dy!, indices!, x!.shape, -1, x!.shape.length - 1),
  })),
];
