import { backend_util } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { explicitPadding, type WindowAttributes } from './explicit-padding';

type Shape4D = [number, number, number, number];

/** Attributes of a convolution's kernels. TensorFlow.js leaves dilations out of its gradients; ours have them. */
export interface ConvAttributes extends WindowAttributes {
  dataFormat?: 'NHWC' | 'NCHW';
}

/** Sizes of a convolution in channels-last layout. */
export type ConvGeometry = backend_util.Conv2DInfo;

export function convGeometry(
  input: readonly number[],
  filter: readonly number[],
  attributes: ConvAttributes,
  depthwise = false,
): ConvGeometry {
  if (attributes.dataFormat === 'NCHW') {
    throw new ValueError('conv2d', 'dataFormat', "to be 'NHWC', which is what it can be trained in", 'NCHW');
  }
  const [, height, width] = input as Shape4D;
  const [filterHeight, filterWidth] = filter as Shape4D;
  const { strides, pad, dilations = 1 } = explicitPadding([height, width], [filterHeight, filterWidth], attributes);
  const shapes = [[...input], [...filter]] as [Shape4D, Shape4D];
  return backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, undefined, depthwise);
}

/** Whether each pixel is made of the same pixel alone. */
export function isPointwise({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: ConvGeometry): boolean {
  const { top, bottom, left, right } = padInfo;
  const single = filterHeight * filterWidth * strideHeight * strideWidth === 1;
  return single && top === 0 && bottom === 0 && left === 0 && right === 0;
}
