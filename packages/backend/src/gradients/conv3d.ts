import type { GradConfig } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

interface Conv3DAttributes {
  strides: number | number[];
  pad: 'valid' | 'same';
  dilations?: number | number[];
}

function undilated(attributes: Conv3DAttributes): Conv3DAttributes {
  if ([attributes.dilations ?? 1].flat().some((d) => d !== 1)) {
    throw new ValueError('conv3d', 'dilations', 'to be 1 where it is trained', attributes.dilations);
  }
  return attributes;
}

/** Convolutions over three axes, without dilation. */
export const conv3dGradient: GradConfig[] = [
  gradient<Conv3DAttributes>('Conv3D', { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) => ({
    x: () => runKernel('Conv3DBackpropInputV2', { dy, filter }, { ...undilated(attributes), inputShape: x!.shape }),
    filter: () =>
      runKernel('Conv3DBackpropFilterV2', { x, dy }, { ...undilated(attributes), filterShape: filter!.shape }),
  })),
  // The transposed convolution.
  gradient<Conv3DAttributes>('Conv3DBackpropInputV2', { inputs: ['dy', 'filter'] }, (dx, [dy, filter], attributes) => ({
    dy: () => runKernel('Conv3D', { x: dx, filter }, { dilations: 1, dataFormat: 'NDHWC', ...attributes }),
    filter: () => runKernel('Conv3DBackpropFilterV2', { x: dx, dy }, { ...attributes, filterShape: filter!.shape }),
  })),
];
