import type { KernelConfig } from '@tensorflow/tfjs-core';

/**
 * A kernel whose optional inputs may be absent. TensorFlow.js passes them as `undefined` and records them so, and then
 * fails to differentiate; here they are taken off before the operation is recorded.
 */
export function withAbsentInputs(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const inputs = call.inputs as Record<string, unknown>;
      for (const name of Object.keys(inputs)) {
        if (inputs[name] == null) delete inputs[name];
      }
      return stock.kernelFunc(call);
    },
  };
}
