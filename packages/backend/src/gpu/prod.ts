import { reshape, type Tensor, transpose, util } from '@tensorflow/tfjs-core';
import { composedKernel } from '../kernels/composed-kernel';
import { runKernel } from '../kernels/run-kernel';
import { gpuKernel } from './gpu-kernel';

/** The product of each row of a matrix. */
export const rowProducts = gpuKernel<'x', object>('_WsssRowProducts', ['x'], ({ x }) => ({
  shape: [x.shape[0]!],
  dtype: x.dtype,
  ints: { count: x.shape[1]! },
  code: `
    value = 1.0;
    for (int i = 0; i < count; i++) { value = value * getX(index * count + i); }`,
}));

/** Products over axes; stock WebGPU forgets `keepDims` and the order of axes where values are still on the host. */
export const prod = composedKernel<{ x: Tensor }, { axis?: number | number[]; keepDims?: boolean }>(
  'Prod',
  ({ x }, { axis, keepDims = false }) => {
    const axes = util.parseAxisParam(axis ?? x.shape.map((_, i) => i), x.shape);
    const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    const rows = reshape(transpose(x, [...rest, ...axes]), [-1, util.sizeFromShape(axes.map((i) => x.shape[i]!))]);
    const shape = keepDims ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : rest.map((i) => x.shape[i]!);
    return reshape(runKernel('_WsssRowProducts', { x: rows }, {}), shape);
  },
);
