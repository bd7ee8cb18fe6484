import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type ConvAttributes, convGeometry } from '../kernels/conv-geometry';
import { accelerate } from './accelerate';
import { convolve } from './convolve';
import { type FusedExtras, fusedFinish } from './fused-finish';
import { kernelSettings } from './kernel-settings';
import { plainTarget } from './plain-target';
import type { SimdModule } from './simd-module';
import { forwardWindow } from './window';
import { winogradForward, winogradSize } from './winograd';

export interface ConvInputs {
  x: TensorInfo;
  filter: TensorInfo;
}

export interface FusedInputs extends ConvInputs, FusedExtras {}

export interface FusedAttributes extends ConvAttributes {
  activation?: string;
}

/** Whether the filter takes all channels of x: grouped filters, and NCHW, are not for us. */
function isPlain({ x, filter }: ConvInputs, { dataFormat = 'NHWC' }: ConvAttributes): boolean {
  return dataFormat === 'NHWC' && x.shape.length === 4 && filter.shape[2] === x.shape[3];
}

/** A convolution with packed filters. */
export const simdConv2d = accelerate<ConvInputs, ConvAttributes>((module, inputs, attributes) =>
  isPlain(inputs, attributes) ? forward(module, inputs, attributes) : undefined,
);

/** The same with its bias and activation, where that is a bound on the values. */
export const simdFusedConv2d = accelerate<FusedInputs, FusedAttributes>((module, inputs, attributes) =>
  isPlain(inputs, attributes) ? forward(module, inputs, attributes) : undefined,
);

function forward(module: SimdModule, inputs: FusedInputs, attributes: FusedAttributes): TensorInfo | undefined {
  const { x, filter } = inputs;
  const g = convGeometry(x.shape, filter.shape, attributes);
  if (g.outShape.includes(0)) return undefined;
  const finish = fusedFinish(inputs, attributes.activation, g.outChannels);
  if (!finish) return undefined;
  const out = module.output(g.outShape);
  const at = { x: module.address(x), filter: module.address(filter), y: module.address(out) };
  const size = winogradSize(g, kernelSettings.winograd, g.outHeight, g.outWidth);
  if (size) winogradForward(module, g, size, at, finish.during(module));
  else {
    const weights = { address: at.filter, transposed: false, taps: [] };
    convolve(module, forwardWindow(g), at.x, weights, plainTarget(at.y, g.outShape), finish.during(module));
  }
  finish.after(module, out);
  return out;
}
