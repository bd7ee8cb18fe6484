import { backend_util } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';

type Shape4D = [number, number, number, number];

/** Attributes of a convolution's kernels. TensorFlow.js leaves dilations out of its gradients; ours have them. */
export interface ConvAttributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dilations?: number | [number, number];
  dataFormat?: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Sizes of a convolution in channels-last layout. */
export type ConvGeometry = backend_util.Conv2DInfo;

export function convGeometry(
  input: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dataFormat = 'NHWC', dimRoundingMode }: ConvAttributes,
  depthwise = false,
): ConvGeometry {
  if (dataFormat !== 'NHWC') {
    throw new ValueError('conv2d', 'dataFormat', "to be 'NHWC', which is what it can be trained in", dataFormat);
  }
  return backend_util.computeConv2DInfo(
    [...input] as Shape4D,
    [...filter] as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
}
