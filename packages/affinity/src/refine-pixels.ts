import {
  finiteValues,
  type HostTensor,
  hostTensor,
  imageValues,
  matchShape,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { pixelAdaptive } from './kernels/pixel-adaptive';

export interface RefinePixelsOptions {
  /** @default 10 */
  readonly iterations?: number;
  /** Distances of the neighbours, eight at each, in pixels. @default [1, 2, 4, 8, 12, 24] */
  readonly dilations?: readonly number[];
}

/** AFA's constants. */
const SPREAD = 0.3;
const POSITION = 0.01;

/**
 * Pixel-adaptive refinement: scores are averaged among pixels of like colour, several times over. It follows contours
 * without a CRF and without training. Values stay within the range of their map.
 *
 * @param image RGB 0..255, `[h, w, 3]`.
 * @param scores `[h, w, K]`.
 * @returns `[h, w, K]`.
 * @throws {ShapeError} if sizes differ.
 * @throws {ValueError} if a value is out of range or an option does not fit.
 *
 * Source: Ru et al., "Learning affinity from attention", CVPR 2022 (PAR).
 */
export async function refinePixels(
  image: TensorLike,
  scores: TensorLike,
  { iterations = 10, dilations = [1, 2, 4, 8, 12, 24] }: RefinePixelsOptions = {},
): Promise<HostTensor> {
  const where = 'refinePixels';
  const { h, w, K } = matchShape(where, 'scores', scores?.shape, ['h', 'w', 'K']);
  matchShape(where, 'image', image?.shape, ['h', 'w', 3], { h, w });
  if (!(Number.isSafeInteger(iterations) && iterations >= 0)) {
    throw new ValueError(where, 'iterations', 'to be a whole number ≥ 0', iterations);
  }
  if (!(dilations.length > 0 && dilations.every((distance) => Number.isSafeInteger(distance) && distance >= 1))) {
    throw new ValueError(where, 'dilations', 'to be whole numbers ≥ 1', dilations);
  }
  const pixels = await imageValues(where, 'image', image);
  const values = await finiteValues(where, 'scores', scores);
  const settings = { iterations, dilations, spread: SPREAD, position: POSITION };
  return hostTensor(pixelAdaptive(pixels, values, [h, w, K], settings), [h, w, K]);
}
