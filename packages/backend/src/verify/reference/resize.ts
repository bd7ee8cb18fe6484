import { type Array64, tabulate } from '../array64';

/** torch's `align_corners=True`, torch's `align_corners=False`, and TensorFlow's first convention. */
export type Grid = 'corners' | 'centers' | 'legacy';

/** Where a pixel of the result lies on the axis of the source. */
function place(i: number, from: number, to: number, grid: Grid): number {
  if (grid === 'corners' && to > 1) return (i * (from - 1)) / (to - 1);
  return grid === 'centers' ? ((i + 0.5) * from) / to - 0.5 : (i * from) / to;
}

/** Σ over the source of hat functions around each pixel; outside the source, its border goes on. */
export function resizeBilinear(x: Array64, size: readonly [number, number], grid: Grid): Array64 {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const clamp = (value: number, length: number) => Math.min(Math.max(value, 0), length - 1);
  return tabulate([n, ...size, c], ([b, oy, ox, channel]) => {
    const y = clamp(place(oy!, h, size[0], grid), h);
    const xx = clamp(place(ox!, w, size[1], grid), w);
    let sum = 0;
    for (let i = 0; i < h; i++) {
      for (let j = 0; j < w; j++) {
        const weight = Math.max(0, 1 - Math.abs(y - i)) * Math.max(0, 1 - Math.abs(xx - j));
        if (weight > 0) sum += weight * x.values[((b! * h + i) * w + j) * c + channel!]!;
      }
    }
    return sum;
  });
}

/** The pixel whose cell the place is in. */
export function resizeNearest(x: Array64, size: readonly [number, number], grid: Grid): Array64 {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const nearest = (i: number, from: number, to: number) => {
    const at = grid === 'centers' ? place(i, from, to, grid) + 0.5 : place(i, from, to, grid);
    return Math.min(from - 1, grid === 'corners' ? Math.floor(at + 0.5) : Math.floor(at));
  };
  return tabulate([n, ...size, c], ([b, oy, ox, channel]) => {
    const place = (b! * h + nearest(oy!, h, size[0])) * w + nearest(ox!, w, size[1]);
    return x.values[place * c + channel!]!;
  });
}
