import { finiteValues, type HostTensor, hostTensor, IGNORE, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { checkClasses } from './check-classes';
import { seeds as kernel } from './kernels/seeds';

export interface SeedsOptions {
  /** The class index of each map, from 1. @default 1, 2, … C */
  readonly classes?: readonly number[];
  /** A cell has the class of its highest map where that is above this. @default 0.2 */
  readonly threshold?: number;
  /** It is background where no map is above this; 255 in between. @default the threshold: nothing in between */
  readonly backgroundThreshold?: number;
}

/**
 * Turns class maps into a label map by thresholds: the argmax over a constant background and the maps.
 *
 * Values are compared as 32-bit floats, as an argmax over float maps does; of equal maps the first wins, and the
 * background before all.
 *
 * @param maps Normalised maps without background, `[h, w, C]`.
 * @returns `[h, w]`: 0 background, class indices, and 255 where it is undecided.
 * @throws {ShapeError} if `maps` is not of rank 3 or does not fit `classes`.
 * @throws {ValueError} if a value is not finite, a class index is out of 1..254 or there twice, or the background's
 * threshold is above the other.
 *
 * Source: PSA's `infer_cls.py` (0.2); IRN's `cam_to_ir_label.py` for two thresholds (0.30 and 0.05, a CRF after each).
 */
export async function seeds(
  maps: TensorLike,
  { classes, threshold = 0.2, backgroundThreshold = threshold }: SeedsOptions = {},
): Promise<HostTensor<Uint8Array>> {
  const where = 'seeds';
  const { h, w, C } = matchShape(where, 'maps', maps.shape, ['h', 'w', 'C']);
  const indices = classes ?? Array.from({ length: C }, (_, c) => c + 1);
  checkClasses(where, indices, IGNORE - 1);
  const hint = 'One map per class, no background: for scores with a background channel use argmaxLabels.';
  matchShape(where, 'maps', maps.shape, ['h', 'w', indices.length], {}, hint);
  if (!Number.isFinite(threshold)) throw new ValueError(where, 'threshold', 'to be a number', threshold);
  if (!(backgroundThreshold <= threshold && Number.isFinite(backgroundThreshold))) {
    const most = `to be a number, at most the threshold ${threshold}`;
    throw new ValueError(where, 'backgroundThreshold', most, backgroundThreshold);
  }
  const values = await finiteValues(where, 'maps', maps);
  const [high, low] = [Math.fround(threshold), Math.fround(backgroundThreshold)];
  return hostTensor(kernel(values, indices, high, low, IGNORE), [h, w]);
}
