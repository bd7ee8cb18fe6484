import { type Rank, reshape, type ShapeMap, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors';

/** Sizes of a batch: what `[h, w]`, `[h, w, C]` and `[n, h, w, C]` have in common. */
export type BatchShape = [n: number, h: number, w: number, C: number];

/**
 * Checks the shape of maps.
 *
 * @throws {ShapeError} unless it has two to four sizes, all of them at least 1.
 */
export function batchShape(where: string, argument: string, shape: readonly number[] | undefined): BatchShape {
  if (!shape || shape.length < 2 || shape.length > 4 || !shape.every((size) => size > 0)) {
    const empty = shape && shape.length >= 2 && shape.length <= 4 ? 'It has no cells.' : undefined;
    throw new ShapeError(where, argument, 'of shape [h, w], [h, w, C] or [n, h, w, C]', shape, empty);
  }
  const batched = shape.length === 4 ? shape : [1, ...shape, 1];
  return [batched[0]!, batched[1]!, batched[2]!, batched[3]!];
}

/** A batch back in the rank that came. */
export function unbatch<R extends Rank>(batch: Tensor4D, rank: number): Tensor<R> {
  const [, h, w, C] = batch.shape;
  const shape = rank === 4 ? batch.shape : rank === 3 ? [h, w, C] : [h, w];
  return reshape(batch, shape as ShapeMap[R]);
}
