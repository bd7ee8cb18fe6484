import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';
import { eachTap } from './loops/patches';

interface DilationAttributes {
  strides: number | [number, number];
  pad: 'valid' | 'same';
  dilations: number | [number, number];
}

type Geometry = backend_util.Conv2DInfo;

function geometry(x: TensorInfo, filter: TensorInfo, { strides, pad, dilations }: DilationAttributes): Geometry {
  return backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides as number,
    pad,
    'NHWC',
    dilations as number,
  );
}

/** For every output and channel, the pixel and the tap whose sum is the largest; the first of equals. */
function largest(x: ArrayLike<number>, filter: ArrayLike<number>, g: Geometry) {
  const channels = g.inChannels;
  const taps = g.filterHeight * g.filterWidth;
  const size = g.batchSize * g.outHeight * g.outWidth * channels;
  const best = { pixel: new Int32Array(size).fill(-1), tap: new Int32Array(size), sum: new Float32Array(size) };
  eachTap(g, (pixel, place) => {
    const tap = place % taps;
    const out = ((place - tap) / taps) * channels;
    for (let c = 0; c < channels; c++) {
      const sum = Math.fround(x[pixel * channels + c]! + filter[tap * channels + c]!);
      if (best.pixel[out + c] !== -1 && !(sum > best.sum[out + c]!)) continue;
      best.pixel[out + c] = pixel;
      best.tap[out + c] = tap;
      best.sum[out + c] = sum;
    }
  });
  return best;
}

/** Grey-scale dilation: the largest sum of a pixel and the filter over a window. */
export const dilation2d = hostKernel<'x' | 'filter', DilationAttributes>(
  'Dilation2D',
  ['x', 'filter'],
  ({ x, filter }, attributes) => {
    const g = geometry(x, filter, attributes);
    return { shape: g.outShape, run: (out, [xs, weights]) => out.set(largest(xs!, weights!, g).sum) };
  },
);

const backprop = (kernelName: string, of: 'x' | 'filter') =>
  hostKernel<'x' | 'filter' | 'dy', DilationAttributes>(kernelName, ['x', 'filter', 'dy'], (inputs, attributes) => {
    const g = geometry(inputs.x, inputs.filter, attributes);
    const channels = g.inChannels;
    return {
      shape: inputs[of].shape,
      run: (out, [xs, weights, dy]) => {
        out.fill(0);
        const { pixel, tap } = largest(xs!, weights!, g);
        const places = of === 'x' ? pixel : tap;
        for (let i = 0; i < pixel.length; i++) {
          if (pixel[i] !== -1) out[places[i]! * channels + (i % channels)]! += dy![i]!;
        }
      },
    };
  });

export const dilation2dBackpropInput = backprop('Dilation2DBackpropInput', 'x');
export const dilation2dBackpropFilter = backprop('Dilation2DBackpropFilter', 'filter');
