import { type KernelConfig, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Kernel } from './host-kernel';

/** A kernel made of other operations. */
export function composedKernel<I extends object, A extends object>(
  kernelName: string,
  f: (inputs: I, attributes: A) => Tensor | Tensor[],
): Kernel {
  return {
    kernelName,
    // Operations inside a kernel are not recorded for gradients: the kernel has its own.
    kernelFunc: ({ inputs, attrs }) => tidy(() => f(inputs as unknown as I, attrs as unknown as A)),
  };
}

/** A stock kernel for which, where `f` gives a result, that is taken instead. */
export function shortcut<I extends object, A extends object>(
  f: (inputs: I, attributes: A) => Tensor | undefined,
): (stock: KernelConfig) => KernelConfig {
  return (stock) => ({
    ...stock,
    kernelFunc: (call) => {
      const [inputs, attributes] = [call.inputs as unknown as I, call.attrs as unknown as A];
      // An empty list stands for no result: tidy wants tensors.
      const result = tidy(() => f(inputs, attributes) ?? []) as Tensor | never[];
      return Array.isArray(result) ? stock.kernelFunc(call) : result;
    },
  });
}
