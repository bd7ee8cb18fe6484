import { type Array64, array64 } from '../array64';
import { axisOf, type WindowOptions } from './window';

type Shape4 = [number, number, number, number];

/** Σ over taps and input channels; x `[n, h, w, i]`, filter `[kh, kw, i, o]`. */
export function conv2d(x: Array64, filter: Array64, options: WindowOptions): Array64 {
  const [kh, kw, inputs, outputs] = filter.shape as Shape4;
  return slide(x, kh, kw, outputs, options, (y, from, to, tap) => {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        y[to + o]! += x.values[from + i]! * filter.values[(tap * inputs + i) * outputs + o]!;
      }
    }
  });
}

/** Each channel by itself; filter `[kh, kw, c, m]` makes m of it. */
export function depthwiseConv2d(x: Array64, filter: Array64, options: WindowOptions): Array64 {
  const [kh, kw, channels, multiplier] = filter.shape as Shape4;
  return slide(x, kh, kw, channels * multiplier, options, (y, from, to, tap) => {
    for (let c = 0; c < channels; c++) {
      for (let m = 0; m < multiplier; m++) {
        y[to + c * multiplier + m]! += x.values[from + c]! * filter.values[(tap * channels + c) * multiplier + m]!;
      }
    }
  });
}

/** The transpose of {@link conv2d}: spreads x `[n, h, w, o]` over `[n, H, W, i]`. */
export function conv2dTranspose(
  x: Array64,
  filter: Array64,
  [height, width]: readonly [number, number],
  options: WindowOptions,
): Array64 {
  const [kh, kw, inputs, outputs] = filter.shape as Shape4;
  const grid = array64([x.shape[0]!, height, width, inputs]);
  slide(grid, kh, kw, outputs, options, (_y, to, from, tap) => {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        grid.values[to + i]! += x.values[from + o]! * filter.values[(tap * inputs + i) * outputs + o]!;
      }
    }
  });
  return grid;
}

/** Calls back for every tap that lies inside: places in the input and in the output, and the tap. */
function slide(
  x: Array64,
  kh: number,
  kw: number,
  channels: number,
  options: WindowOptions,
  visit: (out: Float64Array, from: number, to: number, tap: number) => void,
): Array64 {
  const [n, h, w, depth] = x.shape as Shape4;
  const rows = axisOf(h, kh, options, 0);
  const columns = axisOf(w, kw, options, 1);
  const out = array64([n, rows.size, columns.size, channels]);
  for (let b = 0; b < n; b++) {
    for (let oy = 0; oy < rows.size; oy++) {
      for (let ox = 0; ox < columns.size; ox++) {
        for (let tap = 0; tap < kh * kw; tap++) {
          const y = oy * rows.stride - rows.before + Math.floor(tap / kw) * rows.dilation;
          const xx = ox * columns.stride - columns.before + (tap % kw) * columns.dilation;
          if (y < 0 || y >= h || xx < 0 || xx >= w) continue;
          const to = ((b * rows.size + oy) * columns.size + ox) * channels;
          visit(out.values, ((b * h + y) * w + xx) * depth, to, tap);
        }
      }
    }
  }
  return out;
}
