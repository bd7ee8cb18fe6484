import {
  engine,
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { endThreads } from '../simd/simd-module';
import { ELSEWHERE, elsewhere } from './elsewhere';
import { KERNELS_HOOK } from './hook';
import type { Kernel } from './host-kernel';
import { overlays } from './overlays';

const ours = new WeakSet<KernelConfig>();

function replace(config: KernelConfig): void {
  if (getKernel(config.kernelName, config.backendName)) unregisterKernel(config.kernelName, config.backendName);
  ours.add(config);
  registerKernel(config);
}

/** Ours for numbers, the stock kernel for strings and complex numbers. */
function laidOver(kernel: Kernel, stock: KernelConfig | undefined, backendName: string): KernelConfig {
  if (!stock) return { ...kernel, backendName };
  return {
    ...stock,
    kernelFunc: (call) => {
      const tensors = Object.values(call.inputs) as (TensorInfo | undefined)[];
      const other = tensors.some((tensor) => tensor?.dtype === 'string' || tensor?.dtype === 'complex64');
      return other ? stock.kernelFunc(call) : kernel.kernelFunc(call);
    },
  };
}

/** Lays our kernels over those of a backend, where they are not yet. */
function overlay(backendName: string): void {
  const { kernels, wrappers } = overlays[backendName] ?? elsewhere;
  for (const kernel of kernels) {
    const present = getKernel(kernel.kernelName, backendName);
    if (!present || !ours.has(present)) replace(laidOver(kernel, present, backendName));
  }
  for (const [name, wrap] of Object.entries(wrappers)) {
    const stock = getKernel(name, backendName);
    if (stock && !ours.has(stock)) replace(wrap(stock));
  }
}

/**
 * Installs our kernels on the backends that run, and on those that start later: a backend registers its kernels when
 * its package is imported, and calls the `setupFunc` of each when it starts.
 *
 * @param started Called whenever a backend starts or is chosen again.
 */
export function installKernels(started: () => void): void {
  const names = new Set([...Object.keys(overlays), ...ELSEWHERE, ...engine().backendNames()]);
  for (const backendName of names) {
    if (!getKernel(KERNELS_HOOK, backendName)) {
      const kernelFunc = () => {
        throw new Error(`${KERNELS_HOOK} only installs kernels`);
      };
      const setupFunc = () => {
        overlay(backendName);
        started();
      };
      registerKernel({ kernelName: KERNELS_HOOK, backendName, kernelFunc, setupFunc, disposeFunc: endThreads });
    }
    const imported = getKernelsForBackend(backendName).length > 1;
    if (imported || engine().registry[backendName]) overlay(backendName);
  }
}
