import { util } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';

export interface ScatterRowsAttributes {
  /** The shape of what was gathered from. */
  shape: number[];
  axis: number;
  batchDims: number;
}

/** Adds each slice of dy to the place in dx that it was gathered from. */
export const gatherBackprop = hostKernel<'dy' | 'indices', ScatterRowsAttributes>(
  '_WsssGatherBackprop',
  ['dy', 'indices'],
  ({ indices }, { shape, axis, batchDims }) => {
    const batches = util.sizeFromShape(shape.slice(0, batchDims));
    const outer = util.sizeFromShape(shape.slice(batchDims, axis));
    const inner = util.sizeFromShape(shape.slice(axis + 1));
    const count = util.sizeFromShape(indices.shape.slice(batchDims));
    const rows = shape[axis]!;
    return {
      shape,
      run: (dx, [dy, index]) => {
        dx.fill(0);
        for (let b = 0, from = 0; b < batches; b++) {
          for (let o = 0; o < outer; o++) {
            for (let i = 0; i < count; i++) {
              let to = ((b * outer + o) * rows + index![b * count + i]!) * inner;
              for (let k = 0; k < inner; k++) dx[to++]! += dy![from++]!;
            }
          }
        }
      },
    };
  },
);
