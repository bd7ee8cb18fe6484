import { backend_util, util } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { hostKernel } from './host-kernel';

/** A copy with some slices replaced; the cpu backend's own writes into its input. */
export const tensorScatterUpdate = hostKernel<'tensor' | 'indices' | 'updates', object>(
  'TensorScatterUpdate',
  ['tensor', 'indices', 'updates'],
  ({ tensor, indices, updates }) => {
    const { sliceRank, numUpdates, sliceSize, strides } = backend_util.calculateShapes(updates, indices, tensor.shape);
    const rows = util.sizeFromShape(tensor.shape) / sliceSize;
    return {
      shape: tensor.shape,
      dtype: tensor.dtype,
      run: (out, [values, index, rest]) => {
        out.set(values!);
        for (let i = 0; i < numUpdates; i++) {
          let row = 0;
          for (let d = 0; d < sliceRank; d++) row += index![i * sliceRank + d]! * strides[d]!;
          if (!(row >= 0 && row < rows)) {
            throw new ValueError('tensorScatterUpdate', 'indices', `to lie in [${tensor.shape}]`, row);
          }
          for (let k = 0; k < sliceSize; k++) out[row * sliceSize + k] = rest![i * sliceSize + k]!;
        }
      },
    };
  },
);

/** Adds up the rows of each segment; rows with an id outside 0..numSegments − 1 are left out. */
export const unsortedSegmentSum = hostKernel<'x' | 'segmentIds', { numSegments: number }>(
  'UnsortedSegmentSum',
  ['x', 'segmentIds'],
  ({ x, segmentIds }, { numSegments }) => {
    const inner = util.sizeFromShape(x.shape.slice(segmentIds.shape.length));
    return {
      shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)],
      dtype: x.dtype,
      run: (out, [values, ids]) => {
        out.fill(0);
        for (let i = 0; i < ids!.length; i++) {
          const id = ids![i]!;
          if (id < 0 || id >= numSegments) continue;
          for (let k = 0; k < inner; k++) out[id * inner + k]! += values![i * inner + k]!;
        }
      },
    };
  },
);
