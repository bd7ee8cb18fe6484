import { type Array64, tabulate } from '../array64';
import { axisOf, type WindowOptions } from './window';

/** Combines the values of each window that lie inside the image. */
function pool(x: Array64, size: readonly [number, number], options: WindowOptions, f: (values: number[]) => number) {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const rows = axisOf(h, size[0], options, 0);
  const columns = axisOf(w, size[1], options, 1);
  return tabulate([n, rows.size, columns.size, c], ([b, oy, ox, channel]) => {
    const values: number[] = [];
    for (let ky = 0; ky < size[0]; ky++) {
      for (let kx = 0; kx < size[1]; kx++) {
        const y = oy! * rows.stride - rows.before + ky;
        const xx = ox! * columns.stride - columns.before + kx;
        if (y >= 0 && y < h && xx >= 0 && xx < w) values.push(x.values[((b! * h + y) * w + xx) * c + channel!]!);
      }
    }
    return f(values);
  });
}

export const maxPool = (x: Array64, size: readonly [number, number], options: WindowOptions): Array64 =>
  pool(x, size, options, (values) => Math.max(...values));

/** Padding does not count. */
export const avgPool = (x: Array64, size: readonly [number, number], options: WindowOptions): Array64 =>
  pool(x, size, options, (values) => values.reduce((sum, v) => sum + v, 0) / values.length);
