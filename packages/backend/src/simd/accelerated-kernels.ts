import type { KernelFunc } from '@tensorflow/tfjs-core';
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
import { simdMean, simdSum } from './sum';

type Accelerator = <K extends { kernelFunc: KernelFunc }>(fallback: K) => K;

/** By the name of the kernel. */
const accelerators: Readonly<Record<string, Accelerator>> = {
  _FusedMatMul: simdFusedMatMul,
  BatchMatMul: simdMatMul,
  Conv2D: simdConv2d,
  Conv2DBackpropFilter: simdConv2dBackpropFilter,
  Conv2DBackpropInput: simdConv2dBackpropInput,
  DepthwiseConv2dNative: simdDepthwise,
  DepthwiseConv2dNativeBackpropFilter: simdDepthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: simdDepthwiseBackpropInput,
  FusedConv2D: simdFusedConv2d,
  FusedDepthwiseConv2D: simdFusedDepthwise,
  MaxPoolGrad: simdMaxPoolGrad,
  Mean: simdMean,
  Prelu: simdPrelu,
  Sum: simdSum,
};

/** The kernel, run in our WebAssembly where that can be. */
export function accelerated<K extends { readonly kernelName: string; kernelFunc: KernelFunc }>(kernel: K): K {
  return accelerators[kernel.kernelName]?.(kernel) ?? kernel;
}
