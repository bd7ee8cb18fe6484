import { matMul, type Rank, reshape, type Tensor4D, transpose } from '@tensorflow/tfjs-core';
import { composedKernel } from './composed-kernel';
import { type ConvAttributes, convGeometry } from './conv-geometry';
import { hostKernel } from './host-kernel';
import { runKernel } from './run-kernel';
import { zeroInsert } from './zero-insert';

export interface InputAttributes extends ConvAttributes {
  inputShape: [number, number, number, number];
}

/** `[kh, kw, i, o]` → `[kh, kw, o, i]`, rows and columns reversed. */
export const flipKernel = hostKernel<'filter', object>('_WsssFlipFilter', ['filter'], ({ filter }) => {
  const [height, width, from, to] = filter.shape as [number, number, number, number];
  const taps = height * width;
  const run = (out: Float32Array, values: Float32Array) => {
    for (let tap = 0; tap < taps; tap++) {
      const source = (taps - 1 - tap) * from * to;
      const target = tap * from * to;
      for (let i = 0; i < from; i++) {
        for (let o = 0; o < to; o++) out[target + o * from + i] = values[source + i * to + o]!;
      }
    }
  };
  return { shape: [height, width, to, from], run: (out, [v]) => run(out as Float32Array, v as Float32Array) };
});

/** dy with `stride − 1` zeros between its values, and a border that makes a valid convolution give the input's size. */
export const zeroInsertKernel = hostKernel<'dy', InputAttributes & { filterShape: number[] }>(
  '_WsssZeroInsert',
  ['dy'],
  ({ dy }, attributes) => {
    const g = convGeometry(attributes.inputShape, attributes.filterShape, attributes);
    const height = g.inHeight + g.effectiveFilterHeight - 1;
    const width = g.inWidth + g.effectiveFilterWidth - 1;
    const channels = dy.shape[3]!;
    const top = g.effectiveFilterHeight - 1 - g.padInfo.top;
    const left = g.effectiveFilterWidth - 1 - g.padInfo.left;
    return {
      shape: [g.batchSize, height, width, channels],
      run: (out, [values]) =>
        zeroInsert(out as Float32Array, values as Float32Array, {
          batch: g.batchSize,
          from: [g.outHeight, g.outWidth],
          to: [height, width],
          stride: [g.strideHeight, g.strideWidth],
          offset: [top, left],
          channels,
        }),
    };
  },
);

/**
 * The gradient of a convolution's input, which is also the transposed convolution: the gradient of the output, with
 * zeros between its values where the stride skipped, convolved with the flipped filter at the same dilation.
 */
export const conv2dBackpropInput = composedKernel<{ dy: Tensor4D; filter: Tensor4D }, InputAttributes>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const g = convGeometry(inputShape, filter.shape, attributes);
    const { top, left } = g.padInfo;
    const unit = g.strideHeight * g.strideWidth === 1;
    if (
      g.filterHeight * g.filterWidth === 1 &&
      unit &&
      top === 0 &&
      left === 0 &&
      g.outHeight === g.inHeight &&
      g.outWidth === g.inWidth
    ) {
      const weights = reshape<Rank.R2>(filter, [g.inChannels, g.outChannels]);
      return reshape(matMul(reshape<Rank.R2>(dy, [-1, g.outChannels]), transpose(weights)), inputShape);
    }
    const padded = runKernel('_WsssZeroInsert', { dy }, { ...attributes, filterShape: filter.shape });
    return runKernel(
      'Conv2D',
      { x: padded, filter: runKernel('_WsssFlipFilter', { filter }, {}) },
      { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: [g.dilationHeight, g.dilationWidth] },
    );
  },
);
