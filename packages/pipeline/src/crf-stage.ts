import {
  argmaxLabels,
  finiteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { type CrfPreset, crf, crfFromLabels } from '@wsss/crf';

/** RGB 0..255 `[h, w, 3]` and scores `[h, w, C + 1]`, background first → scores of the same shape. */
export type CrfFunction = (image: TensorLike, scores: HostTensor) => TensorLike | Promise<TensorLike>;

/** A preset of `@wsss/crf`, or a function. */
export type CrfStage = CrfPreset | CrfFunction;

/** @throws {ValueError} if it is neither; a preset's entries are checked where it is used. */
export function checkCrf(where: string, stage: CrfStage | undefined): void {
  const fits = stage === undefined || typeof stage === 'function' || (typeof stage === 'object' && stage !== null);
  if (!fits)
    throw new ValueError(where, 'crf', 'to be a preset of @wsss/crf, or a function of photo and scores', stage);
}

/**
 * Edges of the photo for the scores: a dense CRF on them, or on the label map that they give, as the preset says.
 *
 * @param scores `[h, w, C + 1]`
 * @returns `[h, w, C + 1]`
 */
export async function refineWithCrf(
  where: string,
  stage: CrfStage,
  image: TensorLike,
  scores: HostTensor,
): Promise<HostTensor> {
  if (typeof stage !== 'function') {
    if (stage.from !== 'labels') return crf(image, scores, stage);
    const labels = await argmaxLabels(scores);
    return crfFromLabels(image, labels, { classes: scores.shape[2]!, preset: stage });
  }
  const [h, w, K] = scores.shape as [number, number, number];
  const made = await stage(image, scores);
  matchShape(where, 'crf(image, scores)', made.shape, ['h', 'w', 'K'], { h, w, K });
  return hostTensor(Float32Array.from(await finiteValues(where, 'crf(image, scores)', made)), [h, w, K]);
}
