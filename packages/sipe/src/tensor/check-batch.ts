import { ShapeError } from '@wsss/core';

/** Sizes of maps, single or batched, and how to say their shape to a user. */
export interface BatchSizes {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly C: number;
  /** Whether a batch axis came. */
  readonly batched: boolean;
}

/**
 * Checks the shape of maps `[h, w, C]` or `[n, h, w, C]`.
 *
 * @throws {ShapeError} if the rank is another, or a size is 0.
 */
export function checkBatch(where: string, argument: string, shape: readonly number[] | undefined): BatchSizes {
  if (!shape || (shape.length !== 3 && shape.length !== 4) || shape.includes(0)) {
    throw new ShapeError(where, argument, 'of shape [h, w, C] or [n, h, w, C], no size 0', shape);
  }
  const [n, h, w, C] = (shape.length === 4 ? shape : [1, ...shape]) as [number, number, number, number];
  return { n, h, w, C, batched: shape.length === 4 };
}

/** The shape of a result that has the batch axis only where one came. */
export function shapeOf({ n, batched }: BatchSizes, ...rest: readonly number[]): number[] {
  return batched ? [n, ...rest] : [...rest];
}

/**
 * Checks that a tensor has exactly this shape.
 *
 * @throws {ShapeError}
 */
export function checkExactly(
  where: string,
  argument: string,
  shape: readonly number[] | undefined,
  expected: readonly number[],
  hint?: string,
): void {
  if (shape?.length === expected.length && expected.every((size, i) => size === shape[i])) return;
  throw new ShapeError(where, argument, expected, shape, hint);
}
