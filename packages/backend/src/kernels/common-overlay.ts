import type { KernelConfig } from '@tensorflow/tfjs-core';
import { avgPoolGrad } from './avg-pool-grad';
import { axisBackprop, axisKernel, stridedSliceMaps } from './axis-kernels';
import { boundedGradientKernel } from './bounded-gradient';
import { centredProductsKernel } from './centred-products';
import { conv2dBackpropFilter } from './conv2d-backprop-filter';
import { conv2dBackpropInput } from './conv2d-backprop-input';
import { addColumnsKernel, columnsKernel, flipKernel, patchesKernel, zeroInsertKernel } from './conv2d-kernels';
import { conv3dBackpropFilter, conv3dBackpropInput } from './conv3d-backprop';
import { depthwiseBackpropFilter, depthwiseBackpropInput, depthwiseInputLoop } from './depthwise-backprop';
import { dilation2dBackpropFilter, dilation2dBackpropInput } from './dilation2d';
import { gatherBackprop } from './gather';
import type { Kernel } from './host-kernel';
import { maxPoolGrad } from './max-pool-grad';
import type { Overlay } from './overlay';
import { avgPool3dGrad, maxPool3dGrad } from './pool-3d';
import { resizeBilinearGrad } from './resize-bilinear-grad';
import { resizeNearestGrad } from './resize-nearest-grad';
import { withAbsentInputs } from './with-absent-inputs';
import { withExplicitPadding } from './with-explicit-padding';
import { withRememberedAttributes } from './with-remembered-attributes';

/** What TensorFlow.js has nowhere, and what gradients of ours ask for. */
export const backprop: readonly Kernel[] = [
  addColumnsKernel,
  avgPool3dGrad,
  avgPoolGrad,
  boundedGradientKernel,
  centredProductsKernel,
  axisBackprop('_WsssStridedSliceBackprop', stridedSliceMaps),
  columnsKernel,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  conv3dBackpropFilter,
  conv3dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  depthwiseInputLoop,
  dilation2dBackpropFilter,
  dilation2dBackpropInput,
  flipKernel,
  gatherBackprop,
  maxPool3dGrad,
  maxPoolGrad,
  patchesKernel,
  resizeBilinearGrad,
  resizeNearestGrad,
  zeroInsertKernel,
];

export const stridedSlice = axisKernel('StridedSlice', 'x', stridedSliceMaps);

const fused = (stock: KernelConfig) => withRememberedAttributes(withExplicitPadding(stock));

/** What is mended of the stock kernels of any backend. */
export const wrappers: Overlay['wrappers'] = {
  _FusedMatMul: withRememberedAttributes,
  AvgPool: withExplicitPadding,
  Conv2D: withExplicitPadding,
  DepthwiseConv2dNative: withExplicitPadding,
  FusedBatchNorm: withAbsentInputs,
  FusedConv2D: fused,
  FusedDepthwiseConv2D: fused,
  MaxPool: withExplicitPadding,
};
