import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Kernel } from './host-kernel';

/** A kernel made of other operations. */
export function composedKernel<I extends object, A extends object>(
  kernelName: string,
  f: (inputs: I, attributes: A) => Tensor,
): Kernel {
  return {
    kernelName,
    // Operations inside a kernel are not recorded for gradients: the kernel has its own.
    kernelFunc: ({ inputs, attrs }) => tidy(() => f(inputs as unknown as I, attrs as unknown as A)),
  };
}
