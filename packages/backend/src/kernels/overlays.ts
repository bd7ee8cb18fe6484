import type { KernelConfig } from '@tensorflow/tfjs-core';
import { gpuOverlays } from '../gpu/gpu-overlays';
import { accelerated } from '../simd/accelerated-kernels';
import { tensorflowOverlay } from '../tensorflow/overlay';
import { avgPoolGrad } from './avg-pool-grad';
import { axisBackprop, axisKernel, stridedSliceMaps } from './axis-kernels';
import { boundedGradientKernel } from './bounded-gradient';
import { centredProductsKernel } from './centred-products';
import { conv2dBackpropFilter } from './conv2d-backprop-filter';
import { conv2dBackpropInput } from './conv2d-backprop-input';
import { addColumnsKernel, columnsKernel, flipKernel, patchesKernel, zeroInsertKernel } from './conv2d-kernels';
import { conv3dBackpropFilter, conv3dBackpropInput } from './conv3d-backprop';
import { cumprod } from './cumprod';
import { depthwiseBackpropFilter, depthwiseBackpropInput, depthwiseInputLoop } from './depthwise-backprop';
import { dilation2d, dilation2dBackpropFilter, dilation2dBackpropInput } from './dilation2d';
import { gather, gatherBackprop } from './gather';
import type { Kernel } from './host-kernel';
import { maxPoolGrad } from './max-pool-grad';
import { avgPool3dGrad, maxPool3d, maxPool3dGrad } from './pool-3d';
import { prelu } from './prelu';
import { resizeBilinearGrad } from './resize-bilinear-grad';
import { resizeNearestGrad } from './resize-nearest-grad';
import { tensorScatterUpdate, unsortedSegmentSum } from './scatter';
import { batchMatMul } from './wasm/batch-mat-mul';
import { conv2d } from './wasm/conv2d';
import { fusedMatMul } from './wasm/fused-mat-mul';
import { identity } from './wasm/identity';
import { reverseKernel, sliceKernel, splitKernel, tileKernel, unpackKernel } from './wasm/slices';
import { leadingSum } from './wasm/sum';
import { transpose } from './wasm/transpose';
import { withAbsentInputs } from './with-absent-inputs';
import { withExplicitPadding } from './with-explicit-padding';
import { withRememberedAttributes } from './with-remembered-attributes';

/** What is laid over a backend's own kernels. */
export interface Overlay {
  /** New ones, and replacements. */
  readonly kernels: readonly Kernel[];
  /** Stock kernels that are called with other inputs or attributes, by their name. */
  readonly wrappers: Readonly<Record<string, (stock: KernelConfig) => KernelConfig>>;
}

/** What TensorFlow.js has nowhere, and what gradients of ours ask for. */
const backprop: readonly Kernel[] = [
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

const stridedSlice = axisKernel('StridedSlice', 'x', stridedSliceMaps);

const fused = (stock: KernelConfig) => withRememberedAttributes(withExplicitPadding(stock));

const wrappers: Overlay['wrappers'] = {
  _FusedMatMul: withRememberedAttributes,
  AvgPool: withExplicitPadding,
  Conv2D: withExplicitPadding,
  DepthwiseConv2dNative: withExplicitPadding,
  FusedBatchNorm: withAbsentInputs,
  FusedConv2D: fused,
  FusedDepthwiseConv2D: fused,
  MaxPool: withExplicitPadding,
};

/** By the backend's name. */
export const overlays: Readonly<Record<string, Overlay>> = {
  wasm: {
    kernels: [
      ...backprop.map(accelerated),
      cumprod,
      dilation2d,
      gather,
      maxPool3d,
      accelerated(prelu),
      reverseKernel,
      sliceKernel,
      splitKernel,
      stridedSlice,
      tileKernel,
      unpackKernel,
      unsortedSegmentSum,
    ],
    wrappers: {
      ...wrappers,
      Add: accelerated,
      _FusedMatMul: (stock) => withRememberedAttributes(accelerated({ ...stock, ...fusedMatMul })),
      BatchMatMul: (stock) => accelerated(batchMatMul(stock)),
      Conv2D: (stock) => accelerated(conv2d(withExplicitPadding(stock))),
      DepthwiseConv2dNative: (stock) => accelerated(withExplicitPadding(stock)),
      FusedBatchNorm: (stock) => withAbsentInputs(accelerated(stock)),
      FusedConv2D: (stock) => withRememberedAttributes(accelerated(withExplicitPadding(stock))),
      FusedDepthwiseConv2D: (stock) => withRememberedAttributes(accelerated(withExplicitPadding(stock))),
      Identity: identity,
      Multiply: accelerated,
      Sub: accelerated,
      Mean: (stock) => accelerated(leadingSum(true)(stock)),
      Sum: (stock) => accelerated(leadingSum(false)(stock)),
      Transpose: transpose,
    },
  },
  cpu: {
    kernels: [...backprop, stridedSlice, tensorScatterUpdate],
    wrappers,
  },
  ...gpuOverlays(wrappers),
  tensorflow: tensorflowOverlay,
};
