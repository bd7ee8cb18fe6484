import type { GradConfig } from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Convolutions over three axes, and their transpose. */
export const conv3dGradient: GradConfig[] = [
  gradient('Conv3D', { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) => ({
    x: () => runKernel('Conv3DBackpropInputV2', { dy, filter }, { ...attributes, inputShape: x!.shape }),
    filter: () => runKernel('Conv3DBackpropFilterV2', { x, dy }, { ...attributes, filterShape: filter!.shape }),
  })),
  gradient('Conv3DBackpropInputV2', { inputs: ['dy', 'filter'] }, (dx, [dy, filter], attributes) => ({
    dy: () => runKernel('Conv3D', { x: dx, filter }, { dilations: 1, dataFormat: 'NDHWC', ...attributes }),
    filter: () => runKernel('Conv3DBackpropFilterV2', { x: dx, dy }, { ...attributes, filterShape: filter!.shape }),
  })),
];
