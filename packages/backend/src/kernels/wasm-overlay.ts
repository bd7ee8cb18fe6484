import { accelerated } from '../simd/accelerated-kernels';
import { backprop, stridedSlice, wrappers } from './common-overlay';
import { cumprod } from './cumprod';
import { dilation2d } from './dilation2d';
import { gather } from './gather';
import type { Overlay } from './overlay';
import { maxPool3d } from './pool-3d';
import { prelu } from './prelu';
import { unsortedSegmentSum } from './scatter';
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

/** What is laid over the kernels of `wasm`. */
export const wasmOverlay: Overlay = {
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
};
