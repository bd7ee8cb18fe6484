import { matchShape, ShapeError, ValueError } from '@wsss/core';
import type { TensorInput } from '@wsss/core/tensor';
import type { ValidBox } from '../kernels/valid-mask';

/** What a step of training learns from. */
export interface SipeBatch {
  /** Normalised images, `[n, h, w, 3]`. */
  readonly images: TensorInput;
  /** 1 for the classes of each image, `[n, C]`. On the host: the mask is made of it. */
  readonly labels: { readonly shape: readonly number[]; readonly values: ArrayLike<number>; readonly dtype: string };
  /** The part of each image that shows a photo; the rest is padding. @default all of it */
  readonly boxes?: readonly ValidBox[];
}

/** Checks a batch; says its sizes. */
export function checkBatchOf(
  where: string,
  { images, labels, boxes }: SipeBatch,
  classes: number,
): { n: number; h: number; w: number } {
  const { n, h, w } = matchShape(where, 'images', images?.shape, ['n', 'h', 'w', 3]);
  if (n * h * w === 0) throw new ShapeError(where, 'images', 'to have pixels', images.shape);
  matchShape(where, 'labels', labels?.shape, [n, classes], {}, 'A row for each image, a column for each class.');
  if (boxes && boxes.length !== n) throw new ValueError(where, 'boxes', `to be one for each of ${n} images`, boxes);
  return { n, h, w };
}
