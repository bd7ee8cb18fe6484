import { mul, pad, slice, type Tensor, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import { composedKernel } from '../kernels/composed-kernel';
import { pair } from '../kernels/explicit-padding';
import type { Kernel } from '../kernels/host-kernel';
import { eachWindow, type PoolAttributes, type PoolGeometry, poolGeometry } from '../kernels/pool-geometry';
import { operation, shapeTensor } from './operation';
import { windowAttributes, windowOf } from './window-attributes';

function attributesOf(x: Tensor, attributes: PoolAttributes) {
  const image = [x.shape[1]!, x.shape[2]!] as const;
  const size = pair(attributes.filterSize);
  return { ...windowAttributes(windowOf(image, size, attributes), image), ksize: [1, ...size, 1] };
}

const maxPool = composedKernel<{ x: Tensor4D }, PoolAttributes>('MaxPool', ({ x }, attributes) =>
  operation('MaxPool', [x], attributesOf(x, attributes)),
);

const maxPoolGrad = composedKernel<{ dy: Tensor4D; input: Tensor4D; output: Tensor4D }, PoolAttributes>(
  'MaxPoolGrad',
  ({ dy, input, output }, attributes) => operation('MaxPoolGrad', [input, output, dy], attributesOf(input, attributes)),
);

/*
 * TensorFlow has averages with its own padding alone. Around an input padded with zeros, the sums are the same, and
 * what is left is to divide by the pixels that are inside instead of all.
 */

const sides = ({ padInfo: { top, bottom, left, right } }: PoolGeometry): [number, number][] => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

/** Of each window, all its pixels for each that is inside; zero where none is. */
function shares(g: PoolGeometry): Tensor4D {
  const values = new Float32Array(g.outHeight * g.outWidth);
  eachWindow({ ...g, batchSize: 1 }, (_image, out, y0, y1, x0, x1) => {
    const inside = Math.max(0, y1 - y0) * Math.max(0, x1 - x0);
    values[out] = inside === 0 ? 0 : (g.filterHeight * g.filterWidth) / inside;
  });
  return tensor4d(values, [1, g.outHeight, g.outWidth, 1]);
}

const valid = (g: PoolGeometry) => ({
  ksize: [1, g.filterHeight, g.filterWidth, 1],
  strides: [1, g.strideHeight, g.strideWidth, 1],
  padding: 'VALID',
  data_format: 'NHWC',
});

const averagePool = composedKernel<{ x: Tensor4D }, PoolAttributes>('AvgPool', ({ x }, attributes) => {
  const native = attributesOf(x, attributes);
  if (native.padding !== 'EXPLICIT') return operation('AvgPool', [x], native);
  const g = poolGeometry(x.shape, attributes);
  return mul(operation('AvgPool', [pad(x, sides(g))], valid(g)), shares(g));
});

const averagePoolGrad = composedKernel<{ dy: Tensor4D; input: Tensor4D }, PoolAttributes>(
  'AvgPoolGrad',
  ({ dy, input }, attributes) => {
    const native = attributesOf(input, attributes);
    if (native.padding !== 'EXPLICIT') return operation('AvgPoolGrad', [shapeTensor(input.shape), dy], native);
    const g = poolGeometry(input.shape, attributes);
    const { top, bottom, left, right } = g.padInfo;
    const [n, h, w, c] = input.shape;
    const shape = shapeTensor([n, h + top + bottom, w + left + right, c]);
    return slice(operation('AvgPoolGrad', [shape, mul(dy, shares(g))], valid(g)), [0, top, left, 0], [n, h, w, c]);
  },
);

/** Pooling with any padding. */
export const poolingKernels: readonly Kernel[] = [averagePool, averagePoolGrad, maxPool, maxPoolGrad];
