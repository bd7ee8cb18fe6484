import type { KernelConfig, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';

const remembered = new WeakMap<object, NamedAttrMap>();

/**
 * A fused kernel that remembers how it was called. TensorFlow.js gives its fused operations a gradient that refuses
 * dilation, and keeps the attributes to itself; ours finds them by the output, which it saves.
 */
export function withRememberedAttributes(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const result = stock.kernelFunc(call);
      if (call.attrs) remembered.set((result as TensorInfo).dataId, call.attrs);
      return result;
    },
  };
}

/** The attributes of the fused kernel that made this. */
export function rememberedAttributes(output: TensorInfo): NamedAttrMap | undefined {
  return remembered.get(output.dataId);
}
