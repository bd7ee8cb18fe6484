import { ShapeError, ValueError } from '../errors';

/**
 * Axes as numbers from 0, sorted.
 *
 * @throws {ShapeError} if the tensor is a scalar.
 * @throws {ValueError} if an axis does not exist, or one is named twice.
 */
export function checkAxes(
  where: string,
  argument: string,
  axes: number | readonly number[],
  shape: readonly number[],
): number[] {
  const rank = shape.length;
  if (rank === 0) throw new ShapeError(where, 'x', 'of rank 1 or more', shape);
  const list = typeof axes === 'number' ? [axes] : [...axes];
  if (list.length === 0 || !list.every((axis) => Number.isInteger(axis) && axis >= -rank && axis < rank)) {
    throw new ValueError(where, argument, `to be in ${-rank}..${rank - 1}`, axes, `\`x\` is [${shape.join(', ')}].`);
  }
  const positive = list.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  if (new Set(positive).size < positive.length) throw new ValueError(where, argument, 'to name each axis once', axes);
  return positive;
}
