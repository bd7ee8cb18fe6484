import {
  batchToSpaceND,
  concat,
  eye,
  type GradConfig,
  image,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  slice_util,
  spaceToBatchND,
  stack,
  sum,
  type Tensor,
  type Tensor4D,
  transpose,
  util,
} from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/run-kernel';
import { gradient, gradientOfList } from './define';
import { float, reduceTo } from './reduce-to';

/** The part of dy that each concatenated piece became. */
function pieces(dy: Tensor, shapes: number[][], axis: number): (() => Tensor)[] {
  const [along] = util.parseAxisParam(axis, shapes[0]!);
  let start = 0;
  return shapes.map((shape) => {
    const begin = shape.map((_, i) => (i === along ? start : 0));
    start += shape[along!]!;
    return () => slice(dy, begin, shape);
  });
}

/** The part of dy that each stacked piece became. */
function layers(dy: Tensor, count: number, axis: number): (() => Tensor)[] {
  const [along] = util.parseAxisParam(axis, dy.shape);
  const size = dy.shape.map((n, d) => (d === along ? 1 : n));
  const shape = dy.shape.filter((_, d) => d !== along);
  return Array.from({ length: count }, (_, i) => {
    const begin = dy.shape.map((_n, d) => (d === along ? i : 0));
    return () => reshape(slice(dy, begin, size), shape);
  });
}

const inverse = (order: number[]): number[] => order.map((_, i) => order.indexOf(i));

/** Sums over the copies: splits each repeated axis in two. */
function untile(dy: Tensor, shape: number[], reps: number[]): Tensor {
  const split = shape.flatMap((n, i) => [reps[i]!, n]);
  return sum(
    reshape(dy, split),
    shape.map((_, i) => 2 * i),
  );
}

/** The inverse of depth to space. */
function spaceToDepth(dy: Tensor, block: number): Tensor {
  const [n, h, w, c] = dy.shape as [number, number, number, number];
  const [rows, columns] = [h / block, w / block];
  const split = reshape(dy, [n, rows, block, columns, block, c]);
  return reshape(transpose(split, [0, 1, 3, 2, 4, 5]), [n, rows, columns, block * block * c]);
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
  gradient<{ axis: number }>('Pack', { allInputs: true }, (dy, saved, { axis }) =>
    Object.fromEntries(layers(dy, saved.length, axis).map((layer, i) => [i, layer])),
  ),
  gradientOfList<{ axis: number }>('Unpack', {}, (dys, _, { axis }) => ({ value: () => stack(dys, axis) })),
  gradientOfList<{ axis: number }>('SplitV', {}, (dys, _, { axis }) => ({ x: () => concat(dys, axis) })),
  gradient<{ begin: number[]; size: number[] }>('Slice', { inputs: ['x'] }, (dy, [x], { begin, size }) => ({
    x: () => {
      const [from, length] = slice_util.parseSliceParams(x!, begin, size);
      return pad(
        dy,
        from.map((start, i) => [start, x!.shape[i]! - start - length[i]!]),
      );
    },
  })),
  gradient('StridedSlice', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => runKernel('_WsssStridedSliceBackprop', { dy }, { ...attributes, inputShape: x!.shape }),
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
  gradient<{ inputShape: number[] }>('BroadcastTo', {}, (dy, _, { inputShape }) => ({
    x: () => reduceTo(dy, inputShape),
  })),
  gradient<{ dims: number | number[] }>('Reverse', {}, (dy, _, { dims }) => ({ x: () => reverse(dy, dims) })),
  gradient('FlipLeftRight', {}, (dy) => ({ image: () => image.flipLeftRight(dy as Tensor4D) })),
  gradient<{ blockSize: number; dataFormat?: string }>('DepthToSpace', {}, (dy, _, { blockSize, dataFormat }) => ({
    x: () => {
      if (dataFormat !== 'NCHW') return spaceToDepth(dy, blockSize);
      return transpose(spaceToDepth(transpose(dy, [0, 2, 3, 1]), blockSize), [0, 3, 1, 2]);
    },
  })),
  gradient<{ blockShape: number[]; paddings: number[][] }>('SpaceToBatchND', {}, (dy, _, { blockShape, paddings }) => ({
    x: () => batchToSpaceND(dy, blockShape, paddings),
  })),
  gradient<{ blockShape: number[]; crops: number[][] }>('BatchToSpaceND', {}, (dy, _, { blockShape, crops }) => ({
    x: () => spaceToBatchND(dy, blockShape, crops),
  })),
  gradient('Diag', { inputs: ['x'] }, (dy, [x]) => ({
    x: () => reshape(sum(mul(reshape(dy, [x!.size, x!.size]), eye(x!.size)), 1), x!.shape),
  })),
];
