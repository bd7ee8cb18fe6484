import { conv2dBackpropFilter } from '../kernels/conv2d-backprop-filter';
import type { Kernel } from '../kernels/host-kernel';
import type { Overlay } from '../kernels/overlay';
import { castToFloats } from './cast';
import { addColumns, conv2dBackpropInput, flipFilter, patches } from './conv2d';
import { cumprod, cumsum } from './cumulative';
import { depthwiseBackpropFilter, depthwiseBackpropInput, depthwiseRows } from './depthwise';
import { floorDivOfFloats } from './floor-div';
import { avgPoolGrad, firstMaxima, maxPoolGrad, spreadMaxima } from './pool';
import { prod, rowProducts } from './prod';
import { resizeBilinearGrad, resizeNearestGrad } from './resize';
import { stridedSlice, stridedSliceBackprop } from './strided-slice';
import { cos, sin } from './trigonometry';

/** Shaders for both, and what is made of them. */
const kernels: readonly Kernel[] = [
  addColumns,
  avgPoolGrad,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  cumprod,
  cumsum,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  depthwiseRows,
  firstMaxima,
  flipFilter,
  maxPoolGrad,
  patches,
  prod,
  resizeBilinearGrad,
  resizeNearestGrad,
  rowProducts,
  spreadMaxima,
  stridedSlice,
  stridedSliceBackprop,
];

/** What is laid over the kernels of GPUs. `common`: what gradients need of any backend. */
export function gpuOverlays(common: Overlay['wrappers']): Readonly<Record<'webgpu' | 'webgl', Overlay>> {
  return {
    webgpu: { kernels: [...kernels, cos, sin], wrappers: { ...common, Cast: castToFloats } },
    webgl: { kernels: [...kernels, cos, sin], wrappers: { ...common, FloorDiv: floorDivOfFloats } },
  };
}
