import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernels/host-kernel';
import { runShader, type Shader } from './run-shader';

/**
 * A kernel that is a shader, for WebGPU and WebGL; the counterpart of `hostKernel`.
 *
 * @param names The inputs whose values the shader reads, by their kernel names.
 * @param plan Shapes and attributes → the shader.
 */
export function gpuKernel<const N extends string, A extends object>(
  kernelName: string,
  names: readonly N[],
  plan: (inputs: Record<N, TensorInfo>, attributes: A) => Shader,
): Kernel {
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => {
    const tensors = inputs as Record<N, TensorInfo>;
    const shader = plan(tensors, attrs as unknown as A);
    const read = Object.fromEntries(names.map((name) => [name, tensors[name]]));
    return runShader(kernelName, backend as KernelBackend, read, shader);
  };
  return { kernelName, kernelFunc };
}
