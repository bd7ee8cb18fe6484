import type { PointSource } from './kernels/lattice-data';

/** The pixels of an image as points (x / sx, y / sy), **x first**, as DenseCRF2D has them. */
export function gaussianPoints(height: number, width: number, [sx, sy]: readonly number[]): PointSource {
  const [spreadX, spreadY] = [Math.fround(sx!), Math.fround(sy!)];
  return {
    points: height * width,
    dimensions: 2,
    pixels: { width, channels: 0, deviations: [spreadX, spreadY] },
    fill(target, stride, from, count) {
      let x = from % width;
      let y = (from - x) / width;
      for (let i = 0; i < count; i++) {
        target[i] = x / spreadX;
        target[stride + i] = y / spreadY;
        if (++x === width) {
          x = 0;
          y++;
        }
      }
    },
  };
}

/** The pixels of an image as points (x / sx, y / sy, channels / schan), **x first**, as DenseCRF2D has them. */
export function bilateralPoints(
  image: ArrayLike<number>,
  [height, width, channels]: readonly number[],
  sdims: readonly number[],
  schan: readonly number[],
): PointSource {
  const place = gaussianPoints(height!, width!, sdims);
  const spreads = schan.map(Math.fround);
  return {
    points: place.points,
    dimensions: 2 + channels!,
    pixels:
      image instanceof Uint8Array
        ? { width: width!, image, channels: channels!, deviations: [...sdims, ...schan].map(Math.fround) }
        : undefined,
    fill(target, stride, from, count) {
      place.fill(target, stride, from, count);
      for (let c = 0; c < channels!; c++) {
        const row = (2 + c) * stride;
        const spread = spreads[c]!;
        for (let i = 0, at = from * channels! + c; i < count; i++, at += channels!)
          target[row + i] = image[at]! / spread;
      }
    },
  };
}

/** Points whose features are given, `[N, d]`. */
export function featurePoints(features: Float32Array, points: number, dimensions: number): PointSource {
  return {
    points,
    dimensions,
    fill(target, stride, from, count) {
      for (let k = 0; k < dimensions; k++) {
        for (let i = 0, at = from * dimensions + k; i < count; i++, at += dimensions)
          target[k * stride + i] = features[at]!;
      }
    },
  };
}

interface Grid {
  /** `[rows, columns, channels]` */
  readonly image: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The pixels of a small image, and behind them those of the full one, in the full one's coordinates: (x / sx, y / sy,
 * channels / schan). The channels are as many as `schan`.
 */
export function jointPoints(
  small: Grid,
  full: Grid,
  [sx, sy]: readonly number[],
  schan: readonly number[],
): PointSource {
  const senders = small.rows * small.columns;
  const channels = schan.length;
  return {
    points: senders + full.rows * full.columns,
    dimensions: 2 + channels,
    fill(target, stride, from, count) {
      for (let i = 0; i < count; i++) {
        const { image, rows, columns } = from + i < senders ? small : full;
        const pixel = from + i < senders ? from + i : from + i - senders;
        const x = pixel % columns;
        const y = (pixel - x) / columns;
        target[i] = ((x + 0.5) * (full.columns / columns) - 0.5) / sx!;
        target[stride + i] = ((y + 0.5) * (full.rows / rows) - 0.5) / sy!;
        for (let c = 0; c < channels; c++) target[(2 + c) * stride + i] = image[pixel * channels + c]! / schan[c]!;
      }
    },
  };
}
