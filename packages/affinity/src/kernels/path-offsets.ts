import { pairOffsets } from './stencil';

/** Straight ways between a cell and its neighbours. */
export interface Paths {
  /** (dy, dx) of the P neighbours, in IRN's order: by the length of the way. `[P, 2]` */
  readonly offsets: Int32Array;
  /** (dy, dx) of all cells on the ways, from the neighbour back to (0, 0). `[T, 2]` */
  readonly points: Int32Array;
  /** Way p is `points` `starts[p]` … `starts[p + 1] − 1`. `[P + 1]` */
  readonly starts: Int32Array;
}

/**
 * The neighbours closer than the radius with the cells between: those of the bounding box that are less than a cell away
 * from the line, both ends included.
 */
export function paths(radius: number): Paths {
  const all = pairOffsets(radius);
  const ways = Array.from({ length: all.length / 2 }, (_, p) => way(all[2 * p]!, all[2 * p + 1]!));
  // Sorting is stable: offsets with ways of equal length stay in PSA's order.
  ways.sort((one, other) => one.length - other.length);
  const starts = new Int32Array(ways.length + 1);
  for (const [p, points] of ways.entries()) starts[p + 1] = starts[p]! + points.length;
  return {
    offsets: Int32Array.from(ways.flatMap((points) => points[0]!)),
    points: Int32Array.from(ways.flat(2)),
    starts,
  };
}

/** IRN's order of the offsets, `[P, 2]`. */
export const irnOffsets = (radius: number): Int32Array => paths(radius).offsets;

function way(dy: number, dx: number): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [];
  for (let y = Math.min(0, dy); y <= Math.max(0, dy); y++) {
    for (let x = Math.min(0, dx); x <= Math.max(0, dx); x++) {
      if ((dy * x - dx * y) ** 2 / (dy * dy + dx * dx) < 1) points.push([y, x]);
    }
  }
  const reach = ([y, x]: readonly [number, number]) => Math.abs(y) + Math.abs(x);
  return points.sort((one, other) => reach(other) - reach(one));
}
