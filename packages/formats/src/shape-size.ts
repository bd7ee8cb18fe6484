import { FormatError } from '@wsss/core';

/** The most dimensions that a tensor may have, as in torch and NumPy. */
const MOST_DIMENSIONS = 64;

/**
 * How many values a shape from a file holds.
 *
 * @throws {FormatError} if a size is no whole number ≥ 0, there are more than 64, or the product is beyond 2⁵³.
 */
export function shapeSize(file: string, tensor: string, shape: readonly number[]): number {
  let product = 1;
  let fits = shape.length <= MOST_DIMENSIONS;
  for (const n of shape) {
    fits &&= Number.isSafeInteger(n) && n >= 0;
    if (n > 0) product *= n;
  }
  if (!fits || !Number.isSafeInteger(product)) {
    const got = `[${shape.slice(0, 8).join(', ')}${shape.length > 8 ? ', …' : ''}]`;
    throw new FormatError(file, `a shape that a tensor can have, for '${tensor}'`, got);
  }
  return shape.includes(0) ? 0 : product;
}
