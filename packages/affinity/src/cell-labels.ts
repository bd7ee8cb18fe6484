import { byteValues, type HostTensor, hostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { cellLabels as kernel } from './kernels/cell-labels';

/**
 * Labels of cells from those of pixels, for an AffinityNet that learns from masks: the label that holds at least `share`
 * of a cell, else 255. Margins around objects should not be ignored: the pairs of two classes are there.
 *
 * @param labels `[h, w]`, bytes, 255 ignored.
 * @param options.cell Pixels per cell and side. @default 8
 * @param options.share Above 0, at most 1. @default 0.75
 * @returns `[⌈h / cell⌉, ⌈w / cell⌉]`.
 * @throws {ShapeError} if it is no label map.
 * @throws {ValueError} if it holds anything but bytes, or an option is out of range.
 */
export async function cellLabels(
  labels: TensorLike,
  { cell = 8, share = 0.75 }: { readonly cell?: number; readonly share?: number } = {},
): Promise<HostTensor<Uint8Array>> {
  const where = 'cellLabels';
  const { h, w } = matchShape(where, 'labels', labels?.shape, ['h', 'w']);
  if (!(Number.isSafeInteger(cell) && cell >= 1)) {
    throw new ValueError(where, 'cell', 'to be a whole number ≥ 1', cell);
  }
  if (!(share > 0 && share <= 1)) throw new ValueError(where, 'share', 'to be above 0 and at most 1', share);
  const values = await byteValues(where, 'labels', labels);
  return hostTensor(kernel(values, h, w, cell, share), [Math.ceil(h / cell), Math.ceil(w / cell)]);
}
