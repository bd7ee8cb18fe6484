import type { TensorInfo } from '@tensorflow/tfjs-core';
import { convGeometry } from '../kernels/conv-geometry';
import type { FilterAttributes } from '../kernels/conv2d-kernels';
import { accelerate } from './accelerate';
import { filterGradient } from './filter-gradient';
import { kernelSettings } from './kernel-settings';
import { forwardWindow } from './window';
import { winogradFilterGradient, winogradGradientSize } from './winograd';

/** The gradient of a convolution's filter: what each tap sees, transposed, times dy. */
export const simdConv2dBackpropFilter = accelerate<{ x: TensorInfo; dy: TensorInfo }, FilterAttributes>(
  (module, { x, dy }, attributes) => {
    const { filterShape, dataFormat = 'NHWC' } = attributes;
    if (dataFormat !== 'NHWC' || filterShape.includes(0) || filterShape[2] !== x.shape[3]) return undefined;
    const g = convGeometry(x.shape, filterShape, attributes);
    const out = module.output(filterShape);
    const at = { x: module.address(x), dy: module.address(dy), gradient: module.address(out) };
    const size = winogradGradientSize(g, kernelSettings.winograd);
    if (size) winogradFilterGradient(module, g, size, at);
    else filterGradient(module, forwardWindow(g), at.x, at.dy, g.outChannels, at.gradient);
    return out;
  },
);
