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

/** Pixel `i` of `to` on the axis of the source; the exact fraction, where a product of roundings would miss it. */
function place(i: number, from: number, to: number, { alignCorners, halfPixelCenters }: ResizeAttributes): number {
  const [steps, cells] = alignCorners && to > 1 ? [from - 1, to - 1] : [from, to];
  return ((halfPixelCenters ? i + 0.5 : i) * steps) / cells;
}

export function linearTaps(from: number, to: number, attributes: ResizeAttributes): LinearTaps {
  const taps = { low: new Int32Array(to), high: new Int32Array(to), weight: new Float64Array(to) };
  for (let i = 0; i < to; i++) {
    const centre = place(i, from, to, attributes) - (attributes.halfPixelCenters ? 0.5 : 0);
    const inside = Math.min(Math.max(centre, 0), from - 1);
    const low = Math.floor(inside);
    taps.low[i] = low;
    taps.high[i] = Math.min(low + 1, from - 1);
    taps.weight[i] = inside - low;
  }
  return taps;
}

/** For each output pixel along one axis, the input that it copies. */
export function nearestTaps(from: number, to: number, attributes: ResizeAttributes): Int32Array {
  return Int32Array.from({ length: to }, (_, i) => {
    const at = place(i, from, to, attributes);
    const nearest = attributes.alignCorners ? Math.floor(at + 0.5) : Math.floor(at);
    return Math.max(0, Math.min(from - 1, nearest));
  });
}
