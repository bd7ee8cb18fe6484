import type { TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';

export interface ResizeAttributes {
  alignCorners: boolean;
  halfPixelCenters: boolean;
  size: [number, number];
}

/** For each output pixel along one axis: the two inputs between which it lies, and the weight of the second. */
export interface LinearTaps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float64Array;
}

/** torch's two conventions, and TensorFlow's old one (neither flag). */
export function linearTaps(from: number, to: number, { alignCorners, halfPixelCenters }: ResizeAttributes): LinearTaps {
  const taps = { low: new Int32Array(to), high: new Int32Array(to), weight: new Float64Array(to) };
  const corners = alignCorners && to > 1;
  const scale = corners ? (from - 1) / (to - 1) : from / to;
  for (let i = 0; i < to; i++) {
    const place = halfPixelCenters && !alignCorners ? (i + 0.5) * scale - 0.5 : i * scale;
    const inside = Math.min(Math.max(place, 0), from - 1);
    const low = Math.floor(inside);
    taps.low[i] = low;
    taps.high[i] = Math.min(low + 1, from - 1);
    taps.weight[i] = inside - low;
  }
  return taps;
}

/** For each output pixel along one axis, the input that it copies. */
export function nearestTaps(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: ResizeAttributes,
): Int32Array {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  return Int32Array.from({ length: to }, (_, i) => {
    const place = (halfPixelCenters ? i + 0.5 : i) * scale;
    return Math.max(0, Math.min(from - 1, alignCorners ? Math.round(place) : Math.floor(place)));
  });
}

function plan(images: TensorInfo, attributes: ResizeAttributes) {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const [toHeight, toWidth] = attributes.size;
  return { batch, height, width, channels, toHeight, toWidth };
}

export const resizeBilinear = hostKernel<'images', ResizeAttributes>(
  'ResizeBilinear',
  ['images'],
  ({ images }, attributes) => {
    const { batch, height, width, channels, toHeight, toWidth } = plan(images, attributes);
    const rows = linearTaps(height, toHeight, attributes);
    const columns = linearTaps(width, toWidth, attributes);
    return {
      shape: [batch, toHeight, toWidth, channels],
      run: (out, [x]) => {
        for (let n = 0, o = 0; n < batch; n++) {
          for (let y = 0; y < toHeight; y++) {
            const top = (n * height + rows.low[y]!) * width;
            const bottom = (n * height + rows.high[y]!) * width;
            const v = rows.weight[y]!;
            for (let xx = 0; xx < toWidth; xx++) {
              const [l, r, u] = [columns.low[xx]!, columns.high[xx]!, columns.weight[xx]!];
              const [tl, tr, bl, br] = [top + l, top + r, bottom + l, bottom + r].map((p) => p * channels) as [
                number,
                number,
                number,
                number,
              ];
              for (let c = 0; c < channels; c++, o++) {
                const above = x![tl + c]! * (1 - u) + x![tr + c]! * u;
                const below = x![bl + c]! * (1 - u) + x![br + c]! * u;
                out[o] = above * (1 - v) + below * v;
              }
            }
          }
        }
      },
    };
  },
);

export const resizeBilinearGrad = hostKernel<'dy', ResizeAttributes>(
  'ResizeBilinearGrad',
  ['dy'],
  (inputs, attributes) => {
    const images = (inputs as unknown as { images: TensorInfo }).images;
    const [toHeight, toWidth] = inputs.dy.shape.slice(1) as [number, number];
    const { batch, height, width, channels } = plan(images, attributes);
    const rows = linearTaps(height, toHeight, attributes);
    const columns = linearTaps(width, toWidth, attributes);
    return {
      shape: images.shape,
      run: (dx, [dy]) => {
        dx.fill(0);
        for (let n = 0, o = 0; n < batch; n++) {
          for (let y = 0; y < toHeight; y++) {
            const top = (n * height + rows.low[y]!) * width;
            const bottom = (n * height + rows.high[y]!) * width;
            const v = rows.weight[y]!;
            for (let xx = 0; xx < toWidth; xx++) {
              const [l, r, u] = [columns.low[xx]!, columns.high[xx]!, columns.weight[xx]!];
              for (let c = 0; c < channels; c++, o++) {
                const g = dy![o]!;
                dx[(top + l) * channels + c]! += g * (1 - v) * (1 - u);
                dx[(top + r) * channels + c]! += g * (1 - v) * u;
                dx[(bottom + l) * channels + c]! += g * v * (1 - u);
                dx[(bottom + r) * channels + c]! += g * v * u;
              }
            }
          }
        }
      },
    };
  },
);

export const resizeNearest = hostKernel<'images', ResizeAttributes>(
  'ResizeNearestNeighbor',
  ['images'],
  ({ images }, attributes) => {
    const { batch, height, width, channels, toHeight, toWidth } = plan(images, attributes);
    const rows = nearestTaps(height, toHeight, attributes);
    const columns = nearestTaps(width, toWidth, attributes);
    return {
      shape: [batch, toHeight, toWidth, channels],
      dtype: images.dtype,
      run: (out, [x]) => {
        for (let n = 0, o = 0; n < batch; n++) {
          for (let y = 0; y < toHeight; y++) {
            for (let xx = 0; xx < toWidth; xx++) {
              const at = ((n * height + rows[y]!) * width + columns[xx]!) * channels;
              for (let c = 0; c < channels; c++, o++) out[o] = x![at + c]!;
            }
          }
        }
      },
    };
  },
);

export const resizeNearestGrad = hostKernel<'dy', ResizeAttributes>(
  'ResizeNearestNeighborGrad',
  ['dy'],
  (inputs, attributes) => {
    const images = (inputs as unknown as { images: TensorInfo }).images;
    const [toHeight, toWidth] = inputs.dy.shape.slice(1) as [number, number];
    const { batch, height, width, channels } = plan(images, attributes);
    const rows = nearestTaps(height, toHeight, attributes);
    const columns = nearestTaps(width, toWidth, attributes);
    return {
      shape: images.shape,
      run: (dx, [dy]) => {
        dx.fill(0);
        for (let n = 0, o = 0; n < batch; n++) {
          for (let y = 0; y < toHeight; y++) {
            for (let xx = 0; xx < toWidth; xx++) {
              const at = ((n * height + rows[y]!) * width + columns[xx]!) * channels;
              for (let c = 0; c < channels; c++, o++) dx[at + c]! += dy![o]!;
            }
          }
        }
      },
    };
  },
);
