import {
  engine,
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { avgPool, avgPoolGrad } from './avg-pool';
import { axisBackprop, axisKernel, mirrorMaps, stridedSliceMaps } from './axis-kernels';
import { conv2dBackpropFilter, patchesKernel } from './conv2d-backprop-filter';
import { conv2dBackpropInput, flipKernel, zeroInsertKernel } from './conv2d-backprop-input';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise-backprop';
import { gatherBackprop } from './gather-backprop';
import type { Kernel } from './host-kernel';
import { maxPoolGrad } from './max-pool-grad';
import { resizeBilinear, resizeBilinearGrad } from './resize-bilinear';
import { resizeNearest, resizeNearestGrad } from './resize-nearest';
import { withAbsentInputs } from './with-absent-inputs';
import { withExplicitPadding } from './with-explicit-padding';

/** The same on every backend whose memory JavaScript reaches. */
const everywhere: Kernel[] = [
  avgPool,
  avgPoolGrad,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  flipKernel,
  gatherBackprop,
  maxPoolGrad,
  axisKernel('MirrorPad', 'x', mirrorMaps),
  axisBackprop('_WsssMirrorPadBackprop', mirrorMaps),
  axisBackprop('_WsssStridedSliceBackprop', stridedSliceMaps),
  patchesKernel,
  resizeBilinear,
  resizeBilinearGrad,
  resizeNearest,
  resizeNearestGrad,
  zeroInsertKernel,
];

/** Stock kernels that are called with other attributes or inputs. */
const wrappedEverywhere: Record<string, (stock: KernelConfig) => KernelConfig> = {
  Conv2D: withExplicitPadding,
  DepthwiseConv2dNative: withExplicitPadding,
  FusedBatchNorm: withAbsentInputs,
  FusedConv2D: withExplicitPadding,
  FusedDepthwiseConv2D: withExplicitPadding,
  MaxPool: withExplicitPadding,
};

/** What is laid over each backend's kernels: replacements, and wrappers of its own. */
const overlays: Record<string, { kernels: Kernel[]; wrappers: Record<string, (stock: KernelConfig) => KernelConfig> }> =
  {
    wasm: { kernels: everywhere, wrappers: wrappedEverywhere },
    cpu: { kernels: everywhere, wrappers: wrappedEverywhere },
  };

const ours = new WeakSet<KernelConfig>();

function replace(config: KernelConfig): void {
  if (getKernel(config.kernelName, config.backendName)) unregisterKernel(config.kernelName, config.backendName);
  ours.add(config);
  registerKernel(config);
}

/** Lays our kernels over those of a backend, where they are not yet. */
function overlay(backendName: string): void {
  const { kernels, wrappers } = overlays[backendName]!;
  for (const kernel of kernels) {
    const present = getKernel(kernel.kernelName, backendName);
    if (!present || !ours.has(present)) replace({ ...kernel, backendName });
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
    const hook = getKernel(HOOK, backendName);
    if (!hook) {
      const kernelFunc = () => {
        throw new Error(`${HOOK} only installs kernels`);
      };
      registerKernel({ kernelName: HOOK, backendName, kernelFunc, setupFunc: () => overlay(backendName) });
    }
    if (engine().registry[backendName] || getKernelsForBackend(backendName).length > 1) overlay(backendName);
  }
}
