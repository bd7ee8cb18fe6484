import type { KernelFunc } from '@tensorflow/tfjs-core';
import { simdBatchNorm, simdCentredProducts } from './batch-norm';
import { simdBoundedGradient } from './bounded-gradient';
import { simdAdd, simdMultiply, simdSub } from './channel-arithmetic';
import { simdConv2d, simdFusedConv2d } from './conv2d';
import { simdConv2dBackpropFilter } from './conv2d-backprop-filter';
import { simdConv2dBackpropInput } from './conv2d-backprop-input';

import {
  simdDepthwise,
  simdDepthwiseBackpropFilter,
  simdDepthwiseBackpropInput,
  simdFusedDepthwise,
} from './depthwise';
import { simdFusedMatMul, simdMatMul } from './mat-mul';
import { simdMaxPoolGrad } from './max-pool-grad';
import { simdPrelu } from './prelu';
import { simdResizeBilinearGrad } from './resize-bilinear-grad';
import { simdMean, simdSum } from './sum';

type Accelerator = <K extends { kernelFunc: KernelFunc }>(fallback: K) => K;

/** By the name of the kernel. */
const accelerators: Readonly<Record<string, Accelerator>> = {
  _FusedMatMul: simdFusedMatMul,
  _WsssBoundedGradient: simdBoundedGradient,
  _WsssCentredProducts: simdCentredProducts,
  Add: simdAdd,
  BatchMatMul: simdMatMul,
  Conv2D: simdConv2d,
  Conv2DBackpropFilter: simdConv2dBackpropFilter,
  Conv2DBackpropInput: simdConv2dBackpropInput,
  DepthwiseConv2dNative: simdDepthwise,
  DepthwiseConv2dNativeBackpropFilter: simdDepthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: simdDepthwiseBackpropInput,
  FusedBatchNorm: simdBatchNorm,
  FusedConv2D: simdFusedConv2d,
  FusedDepthwiseConv2D: simdFusedDepthwise,
  MaxPoolGrad: simdMaxPoolGrad,
  Mean: simdMean,
  Multiply: simdMultiply,
  Prelu: simdPrelu,
  ResizeBilinearGrad: simdResizeBilinearGrad,
  Sub: simdSub,
  Sum: simdSum,
};

/** The kernel, run in our WebAssembly where that can be. */
export function accelerated<K extends { readonly kernelName: string; kernelFunc: KernelFunc }>(kernel: K): K {
  return accelerators[kernel.kernelName]?.(kernel) ?? kernel;
}
