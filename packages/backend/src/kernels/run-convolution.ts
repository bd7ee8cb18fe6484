import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import type { ConvAttributes } from './conv-geometry';
import { overlays } from './overlays';
import { runKernel } from './run-kernel';

/**
 * Runs a kernel of a convolution, or of its gradients. The gradient kernels of TensorFlow.js do not know dilation and
 * would leave it out without a word; ours do.
 *
 * @throws {BackendError} for the gradient of a dilated convolution, on a backend that has not our kernels.
 */
export function runConvolution<A extends ConvAttributes>(name: string, inputs: object, attributes: A): Tensor {
  const { backendName } = engine();
  const dilated = [attributes.dilations ?? 1].flat().some((dilation) => dilation > 1);
  if (dilated && name.includes('Backprop') && !(backendName in overlays)) {
    const trained = Object.keys(overlays).map((other) => `useBackend('${other}')`);
    const problem = 'it cannot differentiate dilated convolutions';
    throw new BackendError(backendName, problem, `Train on a backend that can: await ${trained.join(', or await ')}`);
  }
  return runKernel(name, inputs, attributes);
}
