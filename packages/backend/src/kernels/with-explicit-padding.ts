import type { KernelConfig, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { explicitPadding, pair } from './explicit-padding';
import type { PoolAttributes } from './pool-geometry';

/** A convolution or pooling kernel that is told its padding side by side: see {@link explicitPadding}. */
export function withExplicitPadding(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { x, filter } = call.inputs as { x: TensorInfo; filter?: TensorInfo };
      const attributes = call.attrs as unknown as PoolAttributes & { dataFormat?: string };
      if (attributes.dataFormat === 'NCHW') return stock.kernelFunc(call);
      const window = filter ? ([filter.shape[0]!, filter.shape[1]!] as const) : pair(attributes.filterSize);
      const attrs = explicitPadding([x.shape[1]!, x.shape[2]!], window, attributes) as unknown as NamedAttrMap;
      return stock.kernelFunc({ ...call, attrs });
    },
  };
}
