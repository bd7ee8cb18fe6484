import { ShapeError, ValueError } from '@wsss/core';
import { type Border, type Stencil, stencil } from './kernels/stencil';

/**
 * The pairs of a map, checked.
 *
 * @throws {ValueError} if size or radius is not a whole number in range, or `border` unknown.
 * @throws {ShapeError} if the map is too small for the radius with the official border.
 */
export function checkStencil(
  where: string,
  argument: string,
  [height, width]: readonly [number, number],
  radius: number,
  border: Border,
  offsets?: Int32Array,
): Stencil {
  if (!(Number.isSafeInteger(radius) && radius >= 1)) {
    throw new ValueError(where, 'radius', 'to be a whole number ≥ 1', radius);
  }
  if (border !== 'official' && border !== 'full') {
    throw new ValueError(where, 'border', "to be 'official' or 'full'", border);
  }
  if (!(Number.isSafeInteger(height) && Number.isSafeInteger(width) && height >= 1 && width >= 1)) {
    throw new ShapeError(where, argument, 'to have at least one cell, and whole sizes', [height, width]);
  }
  const pairs = stencil(height, width, radius, border, offsets);
  if (pairs.rows < 1 || pairs.columns < 1) {
    const expected = `to be at least [${radius}, ${2 * radius - 1}] for radius ${radius}`;
    const hint = "The official pairs leave out the border. Take a smaller radius, or border: 'full'.";
    throw new ShapeError(where, argument, expected, [height, width], hint);
  }
  return pairs;
}
