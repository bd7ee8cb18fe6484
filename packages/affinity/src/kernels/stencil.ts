/**
 * Which pairs of cells have an affinity. `official`: sources are the map without its last r − 1 rows and its first and
 * last r − 1 columns, so that every source has every offset (PSA; 10 cells have no pair at radius 5). `full`: every cell
 * is a source, and what would lie outside of the map is no pair.
 */
export type Border = 'official' | 'full';

/** The pairs of a map: `[P, M]`, P offsets and M sources. */
export interface Stencil {
  readonly height: number;
  readonly width: number;
  readonly radius: number;
  /** (dy, dx) of each of the P offsets. */
  readonly offsets: Int32Array;
  /** The rectangle of the sources: M = rows · columns, in row-major order. */
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Half of the neighbours closer than the radius, in PSA's order: to the right, then row by row below.
 *
 * @param radius A whole number ≥ 1; 5 gives 34 offsets.
 * @returns (dy, dx), `[P, 2]`.
 */
export function pairOffsets(radius: number): Int32Array {
  const offsets: number[] = [];
  for (let dx = 1; dx < radius; dx++) offsets.push(0, dx);
  for (let dy = 1; dy < radius; dy++) {
    for (let dx = 1 - radius; dx < radius; dx++) if (dx * dx + dy * dy < radius * radius) offsets.push(dy, dx);
  }
  return Int32Array.from(offsets);
}

/** The pairs of an `height × width` map. With `official`, rows and columns are 0 or less where the map is too small. */
export function stencil(
  height: number,
  width: number,
  radius: number,
  border: Border = 'official',
  offsets: Int32Array = pairOffsets(radius),
): Stencil {
  const shared = { height, width, radius, offsets };
  if (border === 'full') return { ...shared, top: 0, left: 0, rows: height, columns: width };
  return { ...shared, top: 0, left: radius - 1, rows: height - radius + 1, columns: width - 2 * radius + 2 };
}

/** P and M. */
export function pairCounts({ offsets, rows, columns }: Stencil): [pairs: number, sources: number] {
  return [offsets.length / 2, rows * columns];
}

/** The part of the rectangle of sources whose partner at this offset lies inside of the map. */
export function insideSources(
  { height, width, top, left, rows, columns }: Stencil,
  dy: number,
  dx: number,
): { y0: number; y1: number; x0: number; x1: number } {
  return {
    y0: Math.max(top, -dy),
    y1: Math.min(top + rows, height - dy),
    x0: Math.max(left, -dx),
    x1: Math.min(left + columns, width - dx),
  };
}
