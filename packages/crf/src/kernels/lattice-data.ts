/** The points that a lattice is built from, produced in runs so that they need not exist all at once. */
export interface PointSource {
  /** Number of points N. */
  readonly points: number;
  /** Number of features of each, d. */
  readonly dimensions: number;
  /**
   * Writes the features of points `from .. from + count`, already divided by their standard deviations:
   * feature k of the i-th of them goes to `target[k · stride + i]`.
   */
  fill(target: Float32Array, stride: number, from: number, count: number): void;
  /** The same as data, where the points are the pixels of an 8-bit image or of none. */
  readonly pixels?: PixelGrid;
}

/** Points (x / sx, y / sy, channels / deviations), **x first**. */
export interface PixelGrid {
  readonly width: number;
  /** `[height, width, channels]`; absent for positions alone. */
  readonly image?: Uint8Array;
  readonly channels: number;
  /** `2 + channels`, x first. */
  readonly deviations: readonly number[];
}

/** A permutohedral lattice over N points in d dimensions, with M vertices. */
export interface LatticeData {
  readonly points: number;
  readonly dimensions: number;
  /** M, numbered in the order in which the points first touched them. */
  readonly vertices: number;
  /** `[N, d + 1]`: the vertex of each point's simplex with remainder r. */
  readonly offset: Int32Array;
  /** `[N, d + 1]`: its weight. The weights of a point sum to 1. */
  readonly barycentric: Float32Array;
  /** `[N, d + 1]`: the rank of each coordinate within the simplex. */
  readonly rank: Uint8Array;
  /** `[d + 1, M, 2]`: the two neighbours along each axis; −1 where there is none. */
  readonly neighbours: Int32Array;
}

/** Points are handled in runs of this many. */
export const RUN = 8192;

/** The factor of the sliced values: 1 / (1 + 2^−d). */
export const sliceScale = (dimensions: number): number => Math.fround(1 / (1 + 2 ** -dimensions));

/** Vertex coordinates are kept in 16 bits, as in the reference; beyond that they would wrap. */
export const LARGEST_COORDINATE = 32767;

/** The scale of feature i in the embedding that makes the blur isotropic with variance 1. */
export function embeddingScale(dimensions: number): Float32Array {
  const spread = Math.fround((dimensions + 1) * Math.sqrt(2 / 3));
  return Float32Array.from({ length: dimensions }, (_, i) => spread / Math.sqrt((i + 1) * (i + 2)));
}
