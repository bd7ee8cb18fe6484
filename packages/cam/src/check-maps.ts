import { ShapeError } from '@wsss/core';

/**
 * Checks the shape of maps, single or batched.
 *
 * @returns The axes of the cells, and that of the channels.
 * @throws {ShapeError} unless the rank is 3 or 4 and no size is 0.
 */
export function checkMaps(
  where: string,
  argument: string,
  shape: readonly number[],
): { cellAxes: number[]; channelAxis: number } {
  if ((shape.length !== 3 && shape.length !== 4) || shape.includes(0)) {
    throw new ShapeError(where, argument, 'of shape [h, w, C] or [n, h, w, C], no size 0', shape);
  }
  return { cellAxes: [shape.length - 3, shape.length - 2], channelAxis: shape.length - 1 };
}
