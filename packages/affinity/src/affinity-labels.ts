import { byteValues, type HostTensor, hostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { checkStencil } from './check-stencil';
import { affinityLabels as kernel } from './kernels/affinity-labels';
import { irnOffsets } from './kernels/path-offsets';
import { type Border, pairCounts } from './kernels/stencil';

export interface AffinityLabelsOptions {
  /** Pairs are closer than this, in cells. @default 5 */
  readonly radius?: number;
  /** See {@link affinityPairs}. @default 'official' */
  readonly border?: Border;
  /** Offsets as PSA lists them, or as IRN does (by the length of their path). @default 'psa' */
  readonly order?: 'psa' | 'irn';
  /** Labels from this on are ignored; IRN and SIPE take the number of classes, 21. @default 255 */
  readonly ignoreFrom?: number;
}

/** What is known of each pair, 0 or 1, `[P, M]`. A pair that touches an ignored cell is of no kind. */
export interface AffinityLabels {
  /** Both background. */
  readonly backgroundPositive: HostTensor<Uint8Array>;
  /** Both of the same class. */
  readonly foregroundPositive: HostTensor<Uint8Array>;
  /** Of two classes, one of which may be the background. */
  readonly negative: HostTensor<Uint8Array>;
}

/**
 * Labels of pairs of cells from labels of cells.
 *
 * @param labels `[h, w]` in cells, bytes: 0 background, 255 ignored.
 * @throws {ShapeError} if it is no label map, or too small for the radius.
 * @throws {ValueError} if it holds anything but bytes, or an option is out of range.
 *
 * Source: Ahn & Kwak, CVPR 2018 (binary affinity labels of pairs of coordinates).
 */
export async function affinityLabels(
  labels: TensorLike,
  { radius = 5, border = 'official', order = 'psa', ignoreFrom = 255 }: AffinityLabelsOptions = {},
): Promise<AffinityLabels> {
  const where = 'affinityLabels';
  const { h, w } = matchShape(where, 'labels', labels.shape, ['h', 'w']);
  if (order !== 'psa' && order !== 'irn') throw new ValueError(where, 'order', "to be 'psa' or 'irn'", order);
  if (!(Number.isSafeInteger(ignoreFrom) && ignoreFrom >= 1 && ignoreFrom <= 255)) {
    throw new ValueError(where, 'ignoreFrom', 'to be a whole number in 1..255', ignoreFrom);
  }
  checkStencil(where, 'labels', [h, w], radius, border);
  const pairs = checkStencil(where, 'labels', [h, w], radius, border, order === 'irn' ? irnOffsets(radius) : undefined);
  const masks = kernel(await byteValues(where, 'labels', labels), pairs, ignoreFrom);
  const shape = pairCounts(pairs);
  return {
    backgroundPositive: hostTensor(masks.backgroundPositive, shape),
    foregroundPositive: hostTensor(masks.foregroundPositive, shape),
    negative: hostTensor(masks.negative, shape),
  };
}
