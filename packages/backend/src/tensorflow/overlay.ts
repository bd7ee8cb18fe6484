import {
  cast,
  type KernelConfig,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
  tidy,
  upcastType,
} from '@tensorflow/tfjs-core';
import { axisBackprop, stridedSliceMaps } from '../kernels/axis-kernels';
import { conv3dBackpropFilter, conv3dBackpropInput } from '../kernels/conv3d-backprop';
import type { WindowAttributes } from '../kernels/explicit-padding';
import type { Overlay } from '../kernels/overlay';
import { withAbsentInputs } from '../kernels/with-absent-inputs';
import { withRememberedAttributes } from '../kernels/with-remembered-attributes';
import { activationKernels } from './activations';
import { convolutionKernels, fusedDepthwise, withProducts } from './convolutions';
import { poolingKernels } from './pooling';
import { resizingKernels } from './resizing';
import { tensorflowPad, windowOf } from './window-attributes';

/** A convolution that is told its padding side by side: the stock kernels refuse a number. */
function withSides(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { x, filter } = call.inputs as { x: TensorInfo; filter: TensorInfo };
      const attributes = call.attrs as unknown as WindowAttributes & { dataFormat?: string };
      if (attributes.dataFormat === 'NCHW' || typeof attributes.pad === 'string') return stock.kernelFunc(call);
      const image = [x.shape[1]!, x.shape[2]!] as const;
      const pad = tensorflowPad(windowOf(image, [filter.shape[0]!, filter.shape[1]!], attributes), image);
      const attrs = { ...attributes, pad, dimRoundingMode: undefined } as unknown as NamedAttrMap;
      return stock.kernelFunc({ ...call, attrs });
    },
  };
}

/** A choice between two types is made in the larger one, as on every other backend. */
function withOneType(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { condition, t, e } = call.inputs as { condition: Tensor; t: Tensor; e: Tensor };
      if (t.dtype === e.dtype) return stock.kernelFunc(call);
      const type = upcastType(t.dtype, e.dtype);
      return tidy(
        () => stock.kernelFunc({ ...call, inputs: { condition, t: cast(t, type), e: cast(e, type) } }) as Tensor,
      );
    },
  };
}

/** What is laid over `@tensorflow/tfjs-node`: TensorFlow has it all, TensorFlow.js does not ask for all of it. */
export const tensorflowOverlay: Overlay = {
  kernels: [
    ...activationKernels,
    ...convolutionKernels,
    ...poolingKernels,
    ...resizingKernels,
    axisBackprop('_WsssStridedSliceBackprop', stridedSliceMaps),
    conv3dBackpropFilter,
    conv3dBackpropInput,
  ],
  wrappers: {
    _FusedMatMul: withRememberedAttributes,
    Conv2D: (stock) => withProducts(withSides(stock)),
    FusedBatchNorm: withAbsentInputs,
    FusedConv2D: (stock) => withRememberedAttributes(withSides(stock)),
    FusedDepthwiseConv2D: (stock) => withRememberedAttributes({ ...stock, ...fusedDepthwise }),
    Select: withOneType,
  },
};
