import { ValueError } from '../errors';

/** A size for height and width: one number for both, or `[h, w]`. */
export type Pair = number | readonly [number, number];

/**
 * A size as `[h, w]`.
 *
 * @throws {ValueError} if a size is not a whole number of at least `least`.
 */
export function pair(where: string, argument: string, size: Pair, least: number): [number, number] {
  const [h, w] = typeof size === 'number' ? [size, size] : size;
  if (!(Number.isSafeInteger(h) && Number.isSafeInteger(w) && h >= least && w >= least)) {
    throw new ValueError(where, argument, `to be a whole number ≥ ${least}, or two of them for [h, w]`, size);
  }
  return [h, w];
}
