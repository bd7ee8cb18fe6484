import { backend_util } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';

export interface PoolAttributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export type PoolGeometry = backend_util.Conv2DInfo;

export function poolGeometry(input: readonly number[], attributes: PoolAttributes): PoolGeometry {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  return backend_util.computePool2DInfo(
    [...input] as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** The part of a window that lies inside the input: rows y0..y1 and columns x0..x1, ends excluded. */
function eachWindow(
  g: PoolGeometry,
  visit: (n: number, out: number, y0: number, y1: number, x0: number, x1: number) => void,
): void {
  for (let n = 0, out = 0; n < g.batchSize; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      const top = oy * g.strideHeight - g.padInfo.top;
      for (let ox = 0; ox < g.outWidth; ox++, out++) {
        const left = ox * g.strideWidth - g.padInfo.left;
        visit(
          n,
          out,
          Math.max(0, top),
          Math.min(g.inHeight, top + g.filterHeight),
          Math.max(0, left),
          Math.min(g.inWidth, left + g.filterWidth),
        );
      }
    }
  }
}

/** The gradient of a maximum goes to its first place in the window, row by row, as in torch. */
export const maxPoolGrad = hostKernel<'dy' | 'input', PoolAttributes>(
  'MaxPoolGrad',
  ['dy', 'input'],
  ({ input }, attributes) => {
    const g = poolGeometry(input.shape, attributes);
    const channels = g.inChannels;
    return {
      shape: input.shape,
      run: (dx, [dy, x]) => {
        dx.fill(0);
        const best = new Float32Array(channels);
        const place = new Int32Array(channels);
        eachWindow(g, (n, out, y0, y1, x0, x1) => {
          best.fill(-Infinity);
          place.fill(-1);
          for (let y = y0; y < y1; y++) {
            for (let xx = x0; xx < x1; xx++) {
              const at = ((n * g.inHeight + y) * g.inWidth + xx) * channels;
              for (let c = 0; c < channels; c++) {
                const value = x![at + c]!;
                if (value > best[c]! || place[c] === -1) {
                  best[c] = value;
                  place[c] = at + c;
                }
              }
            }
          }
          for (let c = 0; c < channels; c++) {
            if (place[c]! >= 0) dx[place[c]!]! += dy![out * channels + c]!;
          }
        });
      },
    };
  },
);

/** The gradient of an average is shared by the pixels inside its window; padding has no part in the average. */
export const avgPoolGrad = hostKernel<'dy', PoolAttributes & { inputShape: number[] }>(
  'AvgPoolGrad',
  ['dy'],
  (inputs, attributes) => {
    const shape = (inputs as { input?: { shape: number[] } }).input!.shape;
    const g = poolGeometry(shape, attributes);
    const channels = g.inChannels;
    return {
      shape,
      run: (dx, [dy]) => {
        dx.fill(0);
        eachWindow(g, (n, out, y0, y1, x0, x1) => {
          const share = 1 / ((y1 - y0) * (x1 - x0));
          for (let y = y0; y < y1; y++) {
            for (let xx = x0; xx < x1; xx++) {
              const at = ((n * g.inHeight + y) * g.inWidth + xx) * channels;
              for (let c = 0; c < channels; c++) dx[at + c]! += dy![out * channels + c]! * share;
            }
          }
        });
      },
    };
  },
);

/** The average over the pixels of a window that are inside. */
export const avgPool = hostKernel<'x', PoolAttributes>('AvgPool', ['x'], ({ x }, attributes) => {
  const g = poolGeometry(x.shape, attributes);
  const channels = g.inChannels;
  return {
    shape: g.outShape,
    run: (y, [values]) => {
      const sums = new Float64Array(channels);
      eachWindow(g, (n, out, y0, y1, x0, x1) => {
        sums.fill(0);
        for (let row = y0; row < y1; row++) {
          for (let xx = x0; xx < x1; xx++) {
            const at = ((n * g.inHeight + row) * g.inWidth + xx) * channels;
            for (let c = 0; c < channels; c++) sums[c]! += values![at + c]!;
          }
        }
        const share = 1 / ((y1 - y0) * (x1 - x0));
        for (let c = 0; c < channels; c++) y[out * channels + c] = sums[c]! * share;
      });
    },
  };
});
