import { matMul, type Rank, reshape, type Tensor4D, transpose } from '@tensorflow/tfjs-core';
import { composedKernel } from '../kernels/composed-kernel';
import { type ConvGeometry, convGeometry, isPointwise } from '../kernels/conv-geometry';
import type { FilterAttributes, InputAttributes } from '../kernels/conv2d-kernels';
import { runKernel } from '../kernels/run-kernel';
import { gpuKernel } from './gpu-kernel';
import { eachWindowOver, INPUT_PLACE, windowNumbers } from './window-numbers';

/** x → `[taps · cIn, pixels of y]`, of some of the taps; zero outside the image. */
export const patches = gpuKernel<'x', FilterAttributes & { from: number; to: number }>(
  '_WsssPatches',
  ['x'],
  ({ x }, { from, to, ...attributes }) => {
    const g = convGeometry(x.shape, attributes.filterShape, attributes);
    const pixels = g.batchSize * g.outHeight * g.outWidth;
    return {
      shape: [(to - from) * g.inChannels, pixels],
      ints: { ...windowNumbers(g), firstTap: from, pixels },
      code: `
        int pixel = index % pixels;
        int c = (index / pixels) % channels;
        int tap = firstTap + index / pixels / channels;
        int ox = pixel % outWidth;
        int oy = (pixel / outWidth) % outHeight;
        int n = pixel / outWidth / outHeight;
        int y = oy * strideHeight + (tap / filterWidth) * dilationHeight - padTop;
        int x = ox * strideWidth + (tap % filterWidth) * dilationWidth - padLeft;
        if (y >= 0 && y < inHeight && x >= 0 && x < inWidth) {
          value = getX(((n * inHeight + y) * inWidth + x) * channels + c);
        }`,
    };
  },
);

/** `[pixels of y, taps · cIn]` → x: adds each value to the pixel that it was taken from. */
export const addColumns = gpuKernel<'columns', FilterAttributes & InputAttributes>(
  '_WsssAddColumns',
  ['columns'],
  (_inputs, attributes) => {
    const g = convGeometry(attributes.inputShape, attributes.filterShape, attributes);
    return {
      shape: attributes.inputShape,
      ints: windowNumbers(g),
      code: `${INPUT_PLACE}${eachWindowOver(`
        int place = ((n * outHeight + oy) * outWidth + ox) * filterHeight * filterWidth + ky * filterWidth + kx;
        value += getColumns(place * channels + c);`)}`,
    };
  },
);

/** `[kh, kw, i, o]` → `[kh, kw, o, i]`, rows and columns reversed. */
export const flipFilter = gpuKernel<'filter', object>('_WsssFlipFilter', ['filter'], ({ filter }) => {
  const [height, width, from, to] = filter.shape as [number, number, number, number];
  return {
    shape: [height, width, to, from],
    ints: { taps: height * width, inputs: from, outputs: to },
    code: `
      int i = index % inputs;
      int o = (index / inputs) % outputs;
      int tap = taps - 1 - index / inputs / outputs;
      value = getFilter((tap * inputs + i) * outputs + o);`,
  };
});

/**
 * The gradient of a convolution's input: with stride 1 the gradient of the output convolved with the flipped filter, at
 * the same dilation; else its product with the filter as a matrix, whose columns are added up where the taps were.
 */
export const conv2dBackpropInput = composedKernel<{ dy: Tensor4D; filter: Tensor4D }, InputAttributes>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const g = convGeometry(inputShape, filter.shape, attributes);
    const padding = paddingOfGradient(g);
    if (padding && !isPointwise(g)) {
      return runKernel(
        'Conv2D',
        { x: dy, filter: runKernel('_WsssFlipFilter', { filter }, {}) },
        { strides: 1, pad: padding, dataFormat: 'NHWC', dilations: [g.dilationHeight, g.dilationWidth] },
      );
    }
    const weights = reshape<Rank.R2>(filter, [-1, g.outChannels]);
    const columns = matMul(reshape<Rank.R2>(dy, [-1, g.outChannels]), transpose(weights));
    if (isPointwise(g)) return reshape(columns, inputShape);
    return runKernel('_WsssAddColumns', { columns }, { ...attributes, filterShape: filter.shape });
  },
);

/** The padding that makes a convolution of dy as large as the input, if there is one. */
function paddingOfGradient(g: ConvGeometry): number[][] | undefined {
  if (g.strideHeight * g.strideWidth !== 1) return undefined;
  const side = (size: number, taps: number, before: number, outputs: number): [number, number] => [
    taps - 1 - before,
    size - outputs + before,
  ];
  const rows = side(g.inHeight, g.effectiveFilterHeight, g.padInfo.top, g.outHeight);
  const columns = side(g.inWidth, g.effectiveFilterWidth, g.padInfo.left, g.outWidth);
  if (Math.min(...rows, ...columns) < 0) return undefined;
  return [[0, 0], rows, columns, [0, 0]];
}
