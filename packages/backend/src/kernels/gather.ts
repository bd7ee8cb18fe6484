import { util } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { hostKernel } from './host-kernel';

/** How a gather walks: for every batch and outer index, `count` rows of `inner` values out of `rows`. */
interface GatherPlan {
  readonly batches: number;
  readonly outer: number;
  readonly rows: number;
  readonly count: number;
  readonly inner: number;
}

type Numbers = ArrayLike<number>;
type Out = { [i: number]: number };

function planGather(shape: readonly number[], indices: readonly number[], axis: number, batchDims: number): GatherPlan {
  return {
    batches: util.sizeFromShape(shape.slice(0, batchDims)),
    outer: util.sizeFromShape(shape.slice(batchDims, axis)),
    rows: shape[axis]!,
    count: util.sizeFromShape(indices.slice(batchDims)),
    inner: util.sizeFromShape(shape.slice(axis + 1)),
  };
}

/** Calls back for every row: where it is in the gathered tensor, and where in what it was gathered from. */
function eachRow(
  { batches, outer, rows, count, inner }: GatherPlan,
  indices: Numbers,
  visit: (gathered: number, source: number) => void,
): void {
  for (let b = 0, gathered = 0; b < batches; b++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < count; i++, gathered += inner) {
        const index = indices[b * count + i]!;
        if (!(index >= 0 && index < rows)) {
          throw new ValueError('gather', 'indices', `to be at least 0 and below ${rows}, the size of the axis`, index);
        }
        visit(gathered, ((b * outer + o) * rows + index) * inner);
      }
    }
  }
}

/** Rows by index, in the order of the indices; stock WASM ignores the batch axes and is slow. */
export const gather = hostKernel<'x' | 'indices', { axis: number; batchDims?: number }>(
  'GatherV2',
  ['x', 'indices'],
  ({ x, indices }, { axis, batchDims = 0 }) => {
    const [along] = util.parseAxisParam(axis, x.shape) as [number];
    const plan = planGather(x.shape, indices.shape, along, batchDims);
    return {
      shape: [...x.shape.slice(0, along), ...indices.shape.slice(batchDims), ...x.shape.slice(along + 1)],
      dtype: x.dtype,
      run: (out, [values, index]) => {
        const to: Out = out;
        eachRow(plan, index!, (gathered, source) => {
          for (let k = 0; k < plan.inner; k++) to[gathered + k] = values![source + k]!;
        });
      },
    };
  },
);

/** Its transpose: adds each row of dy to the place that it was gathered from. */
export const gatherBackprop = hostKernel<'dy' | 'indices', { shape: number[]; axis: number; batchDims: number }>(
  '_WsssGatherBackprop',
  ['dy', 'indices'],
  ({ indices }, { shape, axis, batchDims }) => {
    const plan = planGather(shape, indices.shape, axis, batchDims);
    return {
      shape,
      run: (out, [dy, index]) => {
        out.fill(0);
        const dx: Out = out;
        eachRow(plan, index!, (gathered, source) => {
          for (let k = 0; k < plan.inner; k++) dx[source + k]! += dy![gathered + k]!;
        });
      },
    };
  },
);
