import {
  batchToSpaceND,
  concat,
  type GradConfig,
  pad,
  reshape,
  reverse,
  slice,
  slice_util,
  spaceToBatchND,
  stack,
  sum,
  type Tensor,
  transpose,
  util,
} from '@tensorflow/tfjs-core';
import { gradient, gradientOfList } from './define';
import { float } from './reduce-to';

/** Where each of the concatenated pieces begins and ends. */
function pieces(dy: Tensor, shapes: number[][], axis: number): (() => Tensor)[] {
  const [along] = util.parseAxisParam(axis, shapes[0]!);
  let start = 0;
  return shapes.map((shape) => {
    const begin = shape.map((_, i) => (i === along ? start : 0));
    start += shape[along!]!;
    return () => slice(dy, begin, shape);
  });
}

const inverse = (order: number[]): number[] => order.map((_, i) => order.indexOf(i));

/** Sums what was repeated: splits each repeated axis in two and adds over the copies. */
function untile(dy: Tensor, shape: number[], reps: number[]): Tensor {
  const split = shape.flatMap((n, i) => [reps[i]!, n]);
  const copies = shape.map((_, i) => 2 * i);
  return sum(reshape(dy, split), copies);
}

/** Operations that only move values. */
export const shapes: GradConfig[] = [
  gradient('Reshape', { inputs: ['x'] }, (dy, [x]) => ({ x: () => reshape(dy, x!.shape) })),
  gradient('ExpandDims', { inputs: ['input'] }, (dy, [input]) => ({ input: () => reshape(dy, input!.shape) })),
  gradient('Identity', {}, (dy) => ({ x: () => float(dy).clone() })),
  gradient('Cast', {}, (dy) => ({ x: () => float(dy).clone() })),
  gradient<{ perm: number[] }>('Transpose', {}, (dy, _, { perm }) => ({ x: () => transpose(dy, inverse(perm)) })),
  gradient<{ axis: number }>('Concat', { allInputs: true }, (dy, saved, { axis }) => {
    const sizes = saved.map((x) => x.shape);
    return Object.fromEntries(pieces(dy, sizes, axis).map((piece, i) => [i, piece]));
  }),
  gradient<{ axis: number }>('Pack', { allInputs: true }, (dy, saved, { axis }) => {
    const [along] = util.parseAxisParam(axis, dy.shape);
    const size = dy.shape.map((n, d) => (d === along ? 1 : n));
    const begin = (i: number) => dy.shape.map((_, d) => (d === along ? i : 0));
    return Object.fromEntries(saved.map((x, i) => [i, () => reshape(slice(dy, begin(i), size), x.shape)]));
  }),
  gradientOfList<{ axis: number }>('Unpack', (dys, { axis }) => ({ value: () => stack(dys, axis) })),
  gradientOfList<{ axis: number }>('SplitV', (dys, { axis }) => ({ x: () => concat(dys, axis) })),
  gradient<{ begin: number[]; size: number[] }>('Slice', { inputs: ['x'] }, (dy, [x], { begin, size }) => ({
    x: () => {
      const [from, length] = slice_util.parseSliceParams(x!, begin, size);
      return pad(
        dy,
        from.map((start, i) => [start, x!.shape[i]! - start - length[i]!]),
      );
    },
  })),
  gradient<{ paddings: [number, number][] }>('PadV2', { inputs: ['x'] }, (dy, [x], { paddings }) => ({
    x: () =>
      slice(
        dy,
        paddings.map(([before]) => before),
        x!.shape,
      ),
  })),
  gradient<{ reps: number[] }>('Tile', { inputs: ['x'] }, (dy, [x], { reps }) => ({
    x: () => untile(dy, x!.shape, reps),
  })),
  gradient<{ dims: number | number[] }>('Reverse', {}, (dy, _, { dims }) => ({ x: () => reverse(dy, dims) })),
  gradient<{ blockShape: number[]; paddings: number[][] }>('SpaceToBatchND', {}, (dy, _, { blockShape, paddings }) => ({
    x: () => batchToSpaceND(dy, blockShape, paddings),
  })),
  gradient<{ blockShape: number[]; crops: number[][] }>('BatchToSpaceND', {}, (dy, _, { blockShape, crops }) => ({
    x: () => spaceToBatchND(dy, blockShape, crops),
  })),
];
