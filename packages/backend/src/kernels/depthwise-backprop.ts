import { type ConvAttributes, type ConvGeometry, convGeometry } from './conv-geometry';
import type { FilterAttributes } from './conv2d-backprop-filter';
import type { InputAttributes } from './conv2d-backprop-input';
import { hostKernel } from './host-kernel';

/** Calls back for every pixel that a tap sees: offsets of the pixel in x and in y, without channels, and the tap. */
function eachPair(g: ConvGeometry, visit: (x: number, y: number, tap: number) => void): void {
  for (let n = 0; n < g.batchSize; n++) {
    for (let ky = 0; ky < g.filterHeight; ky++) {
      for (let oy = 0; oy < g.outHeight; oy++) {
        const y = oy * g.strideHeight + ky * g.dilationHeight - g.padInfo.top;
        if (y < 0 || y >= g.inHeight) continue;
        const row = (n * g.inHeight + y) * g.inWidth;
        const outRow = (n * g.outHeight + oy) * g.outWidth;
        for (let kx = 0; kx < g.filterWidth; kx++) {
          const shift = kx * g.dilationWidth - g.padInfo.left;
          const first = Math.max(0, Math.ceil(-shift / g.strideWidth));
          const end = Math.min(g.outWidth, Math.floor((g.inWidth - 1 - shift) / g.strideWidth) + 1);
          for (let ox = first; ox < end; ox++) {
            visit(row + ox * g.strideWidth + shift, outRow + ox, ky * g.filterWidth + kx);
          }
        }
      }
    }
  }
}

/** The gradient of a depthwise convolution's filter `[kh, kw, c, m]`. */
export const depthwiseBackpropFilter = hostKernel<'x' | 'dy', FilterAttributes>(
  'DepthwiseConv2dNativeBackpropFilter',
  ['x', 'dy'],
  ({ x }, attributes) => {
    const { filterShape } = attributes;
    const g = convGeometry(x.shape, filterShape, attributes, true);
    return { shape: filterShape, run: (out, [xs, dys]) => filterGradient(out, xs!, dys!, g, filterShape[3]) };
  },
);

type Numbers = ArrayLike<number>;

function filterGradient(out: { [i: number]: number }, x: Numbers, dy: Numbers, g: ConvGeometry, m: number): void {
  const channels = g.inChannels;
  const sums = new Float64Array(g.filterHeight * g.filterWidth * channels * m);
  eachPair(g, (px, py, tap) => {
    const [xs, ys, s] = [px * channels, py * channels * m, tap * channels * m];
    if (m === 1) {
      for (let c = 0; c < channels; c++) sums[s + c]! += x[xs + c]! * dy[ys + c]!;
    } else {
      for (let c = 0; c < channels; c++) {
        for (let q = 0; q < m; q++) sums[s + c * m + q]! += x[xs + c]! * dy[ys + c * m + q]!;
      }
    }
  });
  for (let i = 0; i < sums.length; i++) out[i] = sums[i]!;
}

/** The gradient of a depthwise convolution's input. */
export const depthwiseBackpropInput = hostKernel<'dy' | 'filter', InputAttributes>(
  'DepthwiseConv2dNativeBackpropInput',
  ['dy', 'filter'],
  ({ filter }, attributes) => {
    const { inputShape } = attributes;
    const g = convGeometry(inputShape, filter.shape, attributes, true);
    const m = filter.shape[3]!;
    return {
      shape: inputShape,
      run: (dx, [dy, w]) => {
        dx.fill(0);
        const channels = g.inChannels;
        eachPair(g, (px, py, tap) => {
          const [xs, ys, s] = [px * channels, py * channels * m, tap * channels * m];
          for (let c = 0; c < channels; c++) {
            for (let q = 0; q < m; q++) dx[xs + c]! += dy![ys + c * m + q]! * w![s + c * m + q]!;
          }
        });
      },
    };
  },
);

export type DepthwiseAttributes = ConvAttributes;
