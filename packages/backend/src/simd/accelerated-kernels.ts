import type { KernelFunc } from '@tensorflow/tfjs-core';
import { simdConv2d, simdFusedConv2d } from './conv2d';
import { simdConv2dBackpropFilter } from './conv2d-backprop-filter';
import { simdConv2dBackpropInput } from './conv2d-backprop-input';

type Accelerator = <K extends { kernelFunc: KernelFunc }>(fallback: K) => K;

/** By the name of the kernel. */
const accelerators: Readonly<Record<string, Accelerator>> = {
  Conv2D: simdConv2d,
  Conv2DBackpropFilter: simdConv2dBackpropFilter,
  Conv2DBackpropInput: simdConv2dBackpropInput,
  FusedConv2D: simdFusedConv2d,
};

/** The kernel, run in our WebAssembly where that can be. */
export function accelerated<K extends { readonly kernelName: string; kernelFunc: KernelFunc }>(kernel: K): K {
  return accelerators[kernel.kernelName]?.(kernel) ?? kernel;
}
