import {
  add,
  backend,
  type KernelBackend,
  matMul,
  pad,
  type Rank,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { composedKernel, shortcut } from '../kernels/composed-kernel';
import { type ConvAttributes, type ConvGeometry, convGeometry, isPointwise } from '../kernels/conv-geometry';
import type { FilterAttributes, InputAttributes } from '../kernels/conv2d-kernels';
import type { Kernel } from '../kernels/host-kernel';
import { runKernel } from '../kernels/run-kernel';
import { operation, shapeTensor } from './operation';
import type { TensorflowBackend } from './tfjs-node';
import { convolveThroughBatches, filterGradientThroughBatches, inputGradientThroughBatches } from './through-batches';
import { type Window, windowAttributes } from './window-attributes';

type Shape4D = readonly [number, number, number, number];

const windowOf = (g: ConvGeometry): Window => ({
  strides: [g.strideHeight, g.strideWidth],
  dilations: [g.dilationHeight, g.dilationWidth],
  size: [g.filterHeight, g.filterWidth],
  pad: [
    [g.padInfo.top, g.padInfo.bottom],
    [g.padInfo.left, g.padInfo.right],
  ],
});

const attributesOf = (g: ConvGeometry) => ({
  ...windowAttributes(windowOf(g), [g.inHeight, g.inWidth]),
  dilations: [1, g.dilationHeight, g.dilationWidth, 1],
});

const isDilated = (g: ConvGeometry): boolean => g.dilationHeight * g.dilationWidth > 1;

/** Backends that turned out not to have dilated operations, by the operation's name. */
const without = new WeakMap<KernelBackend, Set<string>>();

/**
 * Runs an operation, or another form of it where this TensorFlow does not have it with dilation: it does with oneDNN or
 * on a GPU, and says so when it does not.
 */
function withOtherForm(name: string, native: () => Tensor, otherForm: () => Tensor): Tensor {
  const missing = without.get(backend()) ?? new Set();
  without.set(backend(), missing);
  if (missing.has(name)) return otherForm();
  try {
    return native();
  } catch (error) {
    if (!/dilation/i.test((error as Error).message)) throw error;
    missing.add(name);
    return otherForm();
  }
}

/** The same window over an input that is padded already. */
function overPadded(g: ConvGeometry): ConvGeometry {
  const { top, bottom, left, right } = g.padInfo;
  const padInfo = { top: 0, bottom: 0, left: 0, right: 0, type: 'VALID' } as const;
  return { ...g, padInfo, inHeight: g.inHeight + top + bottom, inWidth: g.inWidth + left + right };
}

const VALID = { strides: [1, 1, 1, 1], padding: 'VALID', data_format: 'NHWC', dilations: [1, 1, 1, 1] };

/** oneDNN takes dilation together with `'SAME'` and `'VALID'`, and no other padding. */
const needsPadding = (g: ConvGeometry): boolean => isDilated(g) && attributesOf(g).padding === 'EXPLICIT';

function inputGradient(dy: Tensor4D, filter: Tensor4D, inputShape: Shape4D, g: ConvGeometry): Tensor {
  const run = (shape: readonly number[], geometry: ConvGeometry) =>
    operation('Conv2DBackpropInput', [shapeTensor(shape), filter, dy], attributesOf(geometry));
  if (!needsPadding(g)) return run(inputShape, g);
  const [n, h, w, c] = inputShape;
  const outer = overPadded(g);
  return slice(run([n, outer.inHeight, outer.inWidth, c], outer), [0, g.padInfo.top, g.padInfo.left, 0], [n, h, w, c]);
}

/** A convolution of single pixels is a product of matrices, and faster as one: oneDNN reorders every filter. */
const pixels = (x: Tensor4D): Tensor2D => reshape<Rank.R2>(x, [-1, x.shape[3]]);

/** A stock convolution that is made a product where it is one. */
export const withProducts = shortcut<{ x: Tensor4D; filter: Tensor4D }, ConvAttributes>(({ x, filter }, attributes) => {
  const one = attributes.dataFormat !== 'NCHW' && x.dtype === 'float32' && filter.shape[0] * filter.shape[1] === 1;
  const g = one ? convGeometry(x.shape, filter.shape, attributes) : undefined;
  return g && isPointwise(g) ? reshape(matMul(pixels(x), pixels(filter)), g.outShape) : undefined;
});

/** With TensorFlow's own operation, which TensorFlow.js never tells of dilation. */
const conv2dBackpropInput = composedKernel<{ dy: Tensor4D; filter: Tensor4D }, InputAttributes>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const g = convGeometry(inputShape, filter.shape, attributes);
    if (isPointwise(g)) return reshape(matMul(pixels(dy), pixels(filter), false, true), inputShape);
    const native = () => inputGradient(dy, filter, inputShape, g);
    if (!isDilated(g)) return native();
    return withOtherForm('Conv2DBackpropInput', native, () =>
      inputGradientThroughBatches(dy, filter, g, (dys, weights) => {
        const [n, h, w] = dys.shape;
        const shape = [n, h + g.filterHeight - 1, w + g.filterWidth - 1, g.inChannels];
        return operation('Conv2DBackpropInput', [shapeTensor(shape), weights, dys], VALID);
      }),
    );
  },
);

const conv2dBackpropFilter = composedKernel<{ x: Tensor4D; dy: Tensor4D }, FilterAttributes>(
  'Conv2DBackpropFilter',
  ({ x, dy }, attributes) => {
    const { filterShape } = attributes;
    const g = convGeometry(x.shape, filterShape, attributes);
    if (isPointwise(g)) return reshape(matMul(pixels(x), pixels(dy), true), filterShape);
    const native = () => {
      const { top, bottom, left, right } = g.padInfo;
      const sides: [number, number][] = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      const [input, geometry] = needsPadding(g) ? [pad(x, sides), overPadded(g)] : [x, g];
      return operation('Conv2DBackpropFilter', [input, shapeTensor(filterShape), dy], attributesOf(geometry));
    };
    if (!isDilated(g)) return native();
    return withOtherForm('Conv2DBackpropFilter', native, () =>
      filterGradientThroughBatches(x, dy, g, (xs, dys) =>
        operation('Conv2DBackpropFilter', [xs, shapeTensor(filterShape), dys], VALID),
      ),
    );
  },
);

const DEPTHWISE = 'DepthwiseConv2dNative';

/** TensorFlow wants strides alike here. */
const isOblong = (g: ConvGeometry): boolean => g.strideHeight !== g.strideWidth;

/** The forward pass has dilation with oneDNN or on a GPU. */
const depthwise = composedKernel<{ x: Tensor4D; filter: Tensor4D }, ConvAttributes>(
  DEPTHWISE,
  ({ x, filter }, attributes) => {
    const g = convGeometry(x.shape, filter.shape, attributes, true);
    const native = () => operation(DEPTHWISE, [x, filter], attributesOf(g));
    const otherForm = () =>
      convolveThroughBatches(x, filter, g, (xs, weights) => operation(DEPTHWISE, [xs, weights], VALID));
    if (isOblong(g)) return otherForm();
    return isDilated(g) ? withOtherForm(DEPTHWISE, native, otherForm) : native();
  },
);

interface FusedInputs {
  x: Tensor4D;
  filter: Tensor4D;
  bias?: Tensor;
  preluActivationWeights?: Tensor;
}

interface FusedAttributes extends ConvAttributes {
  activation?: string;
  leakyreluAlpha?: number;
}

/** Of the kernel above: the stock one goes past it. */
export const fusedDepthwise = composedKernel<FusedInputs, FusedAttributes>(
  'FusedDepthwiseConv2D',
  ({ x, filter, bias, preluActivationWeights }, attributes) => {
    const y = runKernel(DEPTHWISE, { x, filter }, attributes);
    const { activation, leakyreluAlpha } = attributes;
    const tensorflow = backend() as TensorflowBackend;
    return tensorflow.applyActivation(bias ? add(y, bias) : y, activation, preluActivationWeights, leakyreluAlpha);
  },
);

/** These leave dilation out without a word on processors, so it never comes to them. */
const depthwiseBackpropInput = composedKernel<{ dy: Tensor4D; filter: Tensor4D }, InputAttributes>(
  `${DEPTHWISE}BackpropInput`,
  ({ dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const g = convGeometry(inputShape, filter.shape, attributes, true);
    const run = (shape: readonly number[], dys: Tensor, how: Parameters<typeof operation>[2]) =>
      operation(`${DEPTHWISE}BackpropInput`, [shapeTensor(shape), filter, dys], how);
    if (!isDilated(g) && !isOblong(g)) return run(inputShape, dy, attributesOf(g));
    return inputGradientThroughBatches(dy, filter, g, (dys) => {
      const [n, h, w] = dys.shape;
      return run([n, h + g.filterHeight - 1, w + g.filterWidth - 1, g.inChannels], dys, VALID);
    });
  },
);

const depthwiseBackpropFilter = composedKernel<{ x: Tensor4D; dy: Tensor4D }, FilterAttributes>(
  `${DEPTHWISE}BackpropFilter`,
  ({ x, dy }, attributes) => {
    const { filterShape } = attributes;
    const g = convGeometry(x.shape, filterShape, attributes, true);
    const run = (xs: Tensor, dys: Tensor, how: Parameters<typeof operation>[2]) =>
      operation(`${DEPTHWISE}BackpropFilter`, [xs, shapeTensor(filterShape), dys], how);
    if (!isDilated(g) && !isOblong(g)) return run(x, dy, attributesOf(g));
    return filterGradientThroughBatches(x, dy, g, (xs, dys) => run(xs, dys, VALID));
  },
);

/** Of two axes: at any stride, dilation and padding. */
export const convolutionKernels: readonly Kernel[] = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwise,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
];
