import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';
import { eachTap3d, type Geometry3D } from './loops/windows-3d';

interface Pool3DAttributes {
  filterSize: number | [number, number, number];
  strides: number | [number, number, number];
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function geometry(input: readonly number[], attributes: Pool3DAttributes): Geometry3D {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const shape = [...input] as [number, number, number, number, number];
  return backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Where the first maximum of each window is, for every channel; −1 for a window that is all padding. */
function firstMaxima(x: ArrayLike<number>, g: Geometry3D): Int32Array {
  const channels = g.inChannels;
  const places = new Int32Array(g.batchSize * g.outDepth * g.outHeight * g.outWidth * channels).fill(-1);
  eachTap3d(g, (input, output) => {
    for (let c = 0; c < channels; c++) {
      const best = places[output * channels + c]!;
      const place = input * channels + c;
      if (best === -1 || x[place]! > x[best]!) places[output * channels + c] = place;
    }
  });
  return places;
}

/** Stock WASM takes padding and empty windows for zeros. */
export const maxPool3d = hostKernel<'x', Pool3DAttributes>('MaxPool3D', ['x'], ({ x }, attributes) => {
  const g = geometry(x.shape, attributes);
  return {
    shape: g.outShape,
    dtype: x.dtype,
    run: (y, [values]) => {
      const places = firstMaxima(values!, g);
      for (let i = 0; i < places.length; i++) y[i] = places[i] === -1 ? Number.NEGATIVE_INFINITY : values![places[i]!]!;
    },
  };
});

/** To the first maximum, as {@link maxPoolGrad}. */
export const maxPool3dGrad = hostKernel<'dy' | 'input', Pool3DAttributes>(
  'MaxPool3DGrad',
  ['dy', 'input'],
  ({ input }, attributes) => {
    const g = geometry(input.shape, attributes);
    return {
      shape: input.shape,
      run: (dx, [dy, x]) => {
        dx.fill(0);
        const places = firstMaxima(x!, g);
        for (let i = 0; i < places.length; i++) if (places[i] !== -1) dx[places[i]!]! += dy![i]!;
      },
    };
  },
);

/** Shares of the pixels of a window that are inside. */
export const avgPool3dGrad = hostKernel<'dy', Pool3DAttributes>('AvgPool3DGrad', ['dy'], (inputs, attributes) => {
  const { shape } = (inputs as unknown as { input: TensorInfo }).input;
  const g = geometry(shape, attributes);
  const channels = g.inChannels;
  return {
    shape,
    run: (dx, [dy]) => {
      dx.fill(0);
      const counts = new Int32Array(dy!.length / channels);
      eachTap3d(g, (_, output) => {
        counts[output]!++;
      });
      eachTap3d(g, (input, output) => {
        const share = 1 / counts[output]!;
        for (let c = 0; c < channels; c++) dx[input * channels + c]! += dy![output * channels + c]! * share;
      });
    },
  };
});
