import {
  engine,
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
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
  const { kernels, wrappers } = overlays[backendName]!;
  for (const kernel of kernels) {
    const present = getKernel(kernel.kernelName, backendName);
    if (!present || !ours.has(present)) replace(laidOver(kernel, present, backendName));
  }
  for (const [name, wrap] of Object.entries(wrappers)) {
    const stock = getKernel(name, backendName);
    if (stock && !ours.has(stock)) replace(wrap(stock));
  }
}

const HOOK = '_WsssKernels';

/**
 * Installs our kernels on the backends that run, and on those that start later: a backend registers its kernels when
 * its package is imported, and calls the `setupFunc` of each when it starts.
 */
export function installKernels(): void {
  for (const backendName of Object.keys(overlays)) {
    if (!getKernel(HOOK, backendName)) {
      const kernelFunc = () => {
        throw new Error(`${HOOK} only installs kernels`);
      };
      registerKernel({ kernelName: HOOK, backendName, kernelFunc, setupFunc: () => overlay(backendName) });
    }
    const imported = getKernelsForBackend(backendName).length > 1;
    if (imported || engine().registry[backendName]) overlay(backendName);
  }
}
