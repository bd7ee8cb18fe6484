import { ValueError } from './errors';
import { roundHalfEven } from './round-half-even';

/**
 * The length of a side after scaling, round-half-even(side · scale), as PSA, IRN and SIPE have it.
 *
 * @throws {ValueError} if `side` is not a whole number above 0, or nothing of it would be left.
 *
 * @example
 * await resizeBicubic(image, [scaledSize(h, 0.5), scaledSize(w, 0.5)]);
 */
export function scaledSize(side: number, scale: number): number {
  if (!Number.isSafeInteger(side) || side < 1) {
    throw new ValueError('scaledSize', 'side', 'to be a whole number above 0', side);
  }
  const scaled = roundHalfEven(side * scale);
  if (!(scaled >= 1 && scaled <= Number.MAX_SAFE_INTEGER)) {
    throw new ValueError('scaledSize', 'scale', `to leave at least one of ${side} pixels`, scale);
  }
  return scaled;
}
