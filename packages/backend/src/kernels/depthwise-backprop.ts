import type { Tensor4D } from '@tensorflow/tfjs-core';
import { composedKernel } from './composed-kernel';
import { convGeometry } from './conv-geometry';
import type { FilterAttributes, InputAttributes } from './conv2d-kernels';
import { hostKernel } from './host-kernel';
import { depthwiseFilterGradient, depthwiseInputGradient } from './loops/depthwise';
import { runKernel } from './run-kernel';

/** The gradient of a depthwise convolution's filter `[kh, kw, c, m]`. */
export const depthwiseBackpropFilter = hostKernel<'x' | 'dy', FilterAttributes>(
  'DepthwiseConv2dNativeBackpropFilter',
  ['x', 'dy'],
  ({ x }, attributes) => {
    const g = convGeometry(x.shape, attributes.filterShape, attributes, true);
    return {
      shape: attributes.filterShape,
      run: (out, [xs, dys]) => depthwiseFilterGradient(out as Float32Array, xs as Float32Array, dys as Float32Array, g),
    };
  },
);

/** The gradient of a depthwise convolution's input, tap by tap. */
export const depthwiseInputLoop = hostKernel<'dy' | 'filter', InputAttributes>(
  '_WsssDepthwiseInput',
  ['dy', 'filter'],
  ({ filter }, attributes) => {
    const g = convGeometry(attributes.inputShape, filter.shape, attributes, true);
    return {
      shape: attributes.inputShape,
      run: (out, [dys, w]) => depthwiseInputGradient(out as Float32Array, dys as Float32Array, w as Float32Array, g),
    };
  },
);

/** The same as a depthwise convolution of dy with the flipped filter, where each channel makes one. */
export const depthwiseBackpropInput = composedKernel<{ dy: Tensor4D; filter: Tensor4D }, InputAttributes>(
  'DepthwiseConv2dNativeBackpropInput',
  ({ dy, filter }, attributes) => {
    if (filter.shape[3] !== 1) return runKernel('_WsssDepthwiseInput', { dy, filter }, attributes);
    const g = convGeometry(attributes.inputShape, filter.shape, attributes, true);
    const shapes = { ...attributes, filterShape: filter.shape, depthwise: true };
    return runKernel(
      'DepthwiseConv2dNative',
      {
        x: runKernel('_WsssZeroInsert', { dy }, shapes),
        filter: runKernel('_WsssFlipFilter', { filter }, { depthwise: true }),
      },
      { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: [g.dilationHeight, g.dilationWidth] },
    );
  },
);
