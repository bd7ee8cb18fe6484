import { type HostTensor, hostTensor, resizeBilinear, type TensorLike } from '@wsss/core';
import { crop } from '@wsss/core/kernels';
import { type CellScoresOptions, cellScores } from './cell-scores';
import { type RandomWalkOptions, randomWalk } from './random-walk';

/**
 * The official inference at the size of the photo: scores of pixels → of cells ({@link cellScores}) →
 * {@link randomWalk} → back to pixels, bilinearly.
 *
 * @param scores `[h, w, K]`, usually with the background first.
 * @param affinity `[P, M]` of the ⌈h / cell⌉ × ⌈w / cell⌉ cells.
 * @returns `[h, w, K]`.
 * @throws what {@link cellScores} and {@link randomWalk} throw.
 *
 * @example
 * const scores = addBackground(cam, { alpha: 16 }); // of @wsss/cam
 * const mask = await argmaxLabels(await refineScores(scores, affinity, PSA_WALK), { classes });
 */
export async function refineScores(
  scores: TensorLike,
  affinity: TensorLike,
  { cell = 8, padding = 'zero', ...walk }: CellScoresOptions & RandomWalkOptions = {},
): Promise<HostTensor> {
  const small = await cellScores(scores, { cell, padding });
  const [h, w, K] = scores.shape as [number, number, number];
  const [rows, columns] = small.shape as [number, number, number];
  const walked = await randomWalk(small, affinity, walk);
  const [height, width] = [rows * cell, columns * cell];
  const large = await resizeBilinear(walked, [height, width]);
  return hostTensor(crop(large.values, [height, width, K], [0, 0, h, w]) as Float32Array, [h, w, K]);
}
