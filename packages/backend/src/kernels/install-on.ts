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
import { KERNELS_HOOK } from './hook';
import type { Kernel } from './host-kernel';
import type { Overlay } from './overlay';

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
function lay(backendName: string, { kernels, wrappers }: Overlay): void {
  for (const kernel of kernels) {
    const present = getKernel(kernel.kernelName, backendName);
    if (!present || !ours.has(present)) replace(laidOver(kernel, present, backendName));
  }
  for (const [name, wrap] of Object.entries(wrappers)) {
    const stock = getKernel(name, backendName);
    if (stock && !ours.has(stock)) replace(wrap(stock));
  }
}

const listeners = new Set<() => void>();

/** Has a function called whenever a backend that our kernels were installed on starts, or is chosen again. */
export function onStart(listener: () => void): void {
  listeners.add(listener);
}

/**
 * Installs our kernels on a backend that runs, or that starts later: a backend registers its kernels when its package is
 * imported, and calls the `setupFunc` of each when it starts. Doing it again changes nothing.
 */
export function installOn(backendName: string, overlay: Overlay): void {
  if (!getKernel(KERNELS_HOOK, backendName)) {
    const kernelFunc = () => {
      throw new Error(`${KERNELS_HOOK} only installs kernels`);
    };
    const setupFunc = () => {
      lay(backendName, overlay);
      for (const listener of listeners) listener();
    };
    registerKernel({ kernelName: KERNELS_HOOK, backendName, kernelFunc, setupFunc, disposeFunc: endThreads });
  }
  const imported = getKernelsForBackend(backendName).length > 1;
  if (imported || engine().registry[backendName]) lay(backendName, overlay);
}
