import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { kernelSettings } from './kernel-settings';
import { type SimdModule, simdModule } from './simd-module';

/** Inputs by their kernel names; an optional one may be absent. */
type Inputs = Record<string, TensorInfo | undefined>;

/**
 * A kernel that runs in our WebAssembly where that can be, and as before where not: without SIMD, switched off, on other
 * types than floats, on empty tensors, and wherever `f` returns nothing.
 */
export function accelerate<I extends object, A extends object>(
  f: (module: SimdModule, inputs: I, attributes: A) => TensorInfo | undefined,
): <K extends { kernelFunc: KernelFunc }>(fallback: K) => K {
  return (fallback) => ({
    ...fallback,
    kernelFunc: (call) => {
      const module = kernelSettings.own ? simdModule(call.backend) : null;
      const result =
        module && Object.values(call.inputs as Inputs).every(isUsable)
          ? f(module, call.inputs as unknown as I, call.attrs as unknown as A)
          : undefined;
      return result ?? fallback.kernelFunc(call);
    },
  });
}

function isUsable(tensor: TensorInfo | null | undefined): boolean {
  return tensor == null || (tensor.dtype === 'float32' && !tensor.shape.includes(0));
}
