import { backend_util } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { hostKernel } from './host-kernel';
import { eachTap3d, type Geometry3D } from './loops/windows-3d';

type Shape5D = [number, number, number, number, number];

interface Conv3DAttributes {
  strides: number | [number, number, number];
  pad: 'valid' | 'same';
  dilations?: number | [number, number, number];
  dataFormat?: 'NDHWC' | 'NCDHW';
}

function geometry(input: readonly number[], filter: readonly number[], attributes: Conv3DAttributes): Geometry3D {
  const { strides, pad, dilations = 1, dataFormat } = attributes;
  if (dataFormat === 'NCDHW') {
    throw new ValueError('conv3d', 'dataFormat', "to be 'NDHWC', which is what it can be trained in", dataFormat);
  }
  return backend_util.computeConv3DInfo([...input] as Shape5D, [...filter] as Shape5D, strides, dilations, pad);
}

/** The gradient of a convolution over three axes with respect to its input, and its transpose. */
export const conv3dBackpropInput = hostKernel<'dy' | 'filter', Conv3DAttributes & { inputShape: number[] }>(
  'Conv3DBackpropInputV2',
  ['dy', 'filter'],
  ({ filter }, attributes) => {
    const { inputShape } = attributes;
    const g = geometry(inputShape, filter.shape, attributes);
    const { inChannels: inputs, outChannels: outputs } = g;
    return {
      shape: inputShape,
      run: (dx, [dy, w]) => {
        dx.fill(0);
        eachTap3d(g, (input, output, tap) => {
          for (let i = 0; i < inputs; i++) {
            const weights = (tap * inputs + i) * outputs;
            let sum = 0;
            for (let o = 0; o < outputs; o++) sum += dy![output * outputs + o]! * w![weights + o]!;
            dx[input * inputs + i]! += sum;
          }
        });
      },
    };
  },
);

/** The same with respect to its filter. */
export const conv3dBackpropFilter = hostKernel<'x' | 'dy', Conv3DAttributes & { filterShape: number[] }>(
  'Conv3DBackpropFilterV2',
  ['x', 'dy'],
  ({ x }, attributes) => {
    const { filterShape } = attributes;
    const g = geometry(x.shape, filterShape, attributes);
    const { inChannels: inputs, outChannels: outputs } = g;
    return {
      shape: filterShape,
      run: (dw, [xs, dy]) => {
        const sums = new Float64Array(dw.length);
        eachTap3d(g, (input, output, tap) => {
          for (let i = 0; i < inputs; i++) {
            const value = xs![input * inputs + i]!;
            const weights = (tap * inputs + i) * outputs;
            for (let o = 0; o < outputs; o++) sums[weights + o]! += value * dy![output * outputs + o]!;
          }
        });
        dw.set(sums);
      },
    };
  },
);
