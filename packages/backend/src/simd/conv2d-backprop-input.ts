import type { TensorInfo } from '@tensorflow/tfjs-core';
import { convGeometry } from '../kernels/conv-geometry';
import type { InputAttributes } from '../kernels/conv2d-kernels';
import { accelerate } from './accelerate';
import { convolve } from './convolve';
import { kernelSettings } from './kernel-settings';
import { plainTarget } from './plain-target';
import { backwardPhases } from './window';
import { winogradBackward, winogradSize } from './winograd';

/**
 * The gradient of a convolution's input, which is also the transposed convolution: for each phase of the stride a
 * convolution of dy with those taps of the filter that meet it.
 */
export const simdConv2dBackpropInput = accelerate<{ dy: TensorInfo; filter: TensorInfo }, InputAttributes>(
  (module, { dy, filter }, attributes) => {
    const { inputShape, dataFormat = 'NHWC' } = attributes;
    if (dataFormat !== 'NHWC' || inputShape.includes(0) || filter.shape[2] !== inputShape[3]) return undefined;
    const g = convGeometry(inputShape, filter.shape, attributes);
    const out = module.output(inputShape);
    const [source, weights] = [module.address(dy), module.address(filter)];
    const size = winogradSize(g, kernelSettings.winograd, g.inHeight, g.inWidth);
    if (size) {
      winogradBackward(module, g, size, { dy: source, filter: weights, dx: module.address(out) });
      return out;
    }
    const whole = plainTarget(module.address(out), inputShape);
    for (const { row, column, window, taps } of backwardPhases(g)) {
      convolve(
        module,
        window,
        source,
        { address: weights, transposed: true, taps },
        {
          ...whole,
          address: whole.address + row * whole.row + column * whole.column,
          row: whole.row * g.strideHeight,
          column: whole.column * g.strideWidth,
        },
      );
    }
    return out;
  },
);
