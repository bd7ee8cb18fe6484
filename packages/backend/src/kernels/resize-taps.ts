/** Attributes of the kernels that resize. */
export interface ResizeAttributes {
  /** torch's `align_corners=True`: the corners of both grids coincide. */
  alignCorners: boolean;
  /** torch's `align_corners=False`: the borders of both grids coincide. Neither: TensorFlow's first convention. */
  halfPixelCenters: boolean;
  size: [number, number];
}

/** For each output pixel along one axis: the two inputs between which it lies, and the weight of the second. */
export interface LinearTaps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float64Array;
}

const scaleOf = (from: number, to: number, alignCorners: boolean): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

export function linearTaps(from: number, to: number, { alignCorners, halfPixelCenters }: ResizeAttributes): LinearTaps {
  const taps = { low: new Int32Array(to), high: new Int32Array(to), weight: new Float64Array(to) };
  const scale = scaleOf(from, to, alignCorners);
  for (let i = 0; i < to; i++) {
    const place = halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale;
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
  const scale = scaleOf(from, to, alignCorners);
  return Int32Array.from({ length: to }, (_, i) => {
    const place = (halfPixelCenters ? i + 0.5 : i) * scale;
    const nearest = alignCorners ? Math.round(place) : Math.floor(place);
    return Math.max(0, Math.min(from - 1, nearest));
  });
}
