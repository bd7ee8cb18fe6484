import type { Random } from '@wsss/core';

/**
 * How a thing looks, in its own coordinates (it fits the unit disc, y points down): at a point, how high its surface
 * stands there, or a negative number outside it. Where it is inside, the colour is written to `colour`.
 */
export type Thing = (x: number, y: number, colour: Float64Array) => number;

/** Makes one thing of a kind; no two look alike. */
export type Kind = (random: Random) => Thing;

/** Writes red, green, blue. */
export function put(into: Float64Array, colour: readonly [number, number, number]): void {
  into[0] = colour[0];
  into[1] = colour[1];
  into[2] = colour[2];
}

/** A dome over the unit disc: 1 at the centre, 0 at the rim, −1 outside; `q` is the squared distance. */
export function dome(q: number): number {
  return q < 1 ? Math.sqrt(1 - q) : -1;
}
