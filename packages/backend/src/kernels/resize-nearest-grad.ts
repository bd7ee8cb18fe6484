import type { TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';
import { type AxisMaps, sameAxis, scatterAxes } from './loops/axis-maps';
import { nearestTaps, type ResizeAttributes } from './resize-taps';

function maps(shape: readonly number[], size: readonly [number, number], attributes: ResizeAttributes): AxisMaps {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return [
    sameAxis(batch),
    nearestTaps(height, size[0], attributes),
    nearestTaps(width, size[1], attributes),
    sameAxis(channels),
  ];
}

/** The gradient of a resize to the nearest pixel: back to the pixel that was copied. */
export const resizeNearestGrad = hostKernel<'dy', ResizeAttributes>(
  'ResizeNearestNeighborGrad',
  ['dy'],
  (inputs, attributes) => {
    const { shape } = (inputs as unknown as { images: TensorInfo }).images;
    const [, height, width] = inputs.dy.shape as [number, number, number, number];
    const taken = maps(shape, [height, width], attributes);
    return { shape, run: (dx, [dy]) => scatterAxes(dx, dy!, shape, taken) };
  },
);
