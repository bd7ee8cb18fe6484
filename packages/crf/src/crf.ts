import { type HostTensor, hostTensor, hostValues, matchShape, type TensorLike, ValueError } from '@wsss/core';
import type { CrfPreset } from './presets';
import { type CrfRunOptions, checkRun, runPreset } from './run-preset';
import { unaryFromSoftmax } from './unary-from-softmax';

export interface CrfOptions extends CrfRunOptions {
  /** The channels that take part; all others stay 0. Costs time only for these. @default all */
  readonly classes?: readonly number[];
}

/**
 * Refines class scores with a dense CRF, as the programs of the field call it.
 *
 * @param image `[h, w, channels]`, 0..255: the raw photo, not a normalised one.
 * @param scores `[h, w, K]`, at least 0; they need not sum to one.
 * @param preset {@link PSA_CRF}, {@link IRN_CRF}, {@link DEEPLAB_CRF}, or your own: `{ ...PSA_CRF, iterations: 5 }`.
 * @returns Probabilities `[h, w, K]`, which sum to one.
 * @throws {ShapeError} if image and scores differ in size.
 * @throws {ValueError} for scores that are NaN or negative, and for unknown classes.
 *
 * @example
 * const probabilities = await crf(image, scores, PSA_CRF);
 */
export async function crf(
  image: TensorLike,
  scores: TensorLike,
  preset: CrfPreset,
  { classes, ...options }: CrfOptions = {},
): Promise<HostTensor> {
  const { h, w, K } = matchShape('crf', 'scores', scores.shape, ['h', 'w', 'K']);
  checkRun('crf', image, [h, w, classes?.length ?? K], preset, options);
  if (!classes) {
    const unary = await unaryFromSoftmax(scores, { clip: preset.clip, threads: options.threads });
    return runPreset('crf', image, unary, preset, options);
  }
  const distinct = new Set(classes).size === classes.length;
  if (classes.length === 0 || !distinct || !classes.every((c) => Number.isInteger(c) && c >= 0 && c < K)) {
    throw new ValueError('crf', 'classes', `to be different channels from 0 to ${K - 1}`, classes);
  }
  const values = await hostValues('crf', 'scores', scores);
  const few = new Float32Array(h * w * classes.length);
  for (let i = 0, at = 0; i < h * w; i++) for (const c of classes) few[at++] = values[i * K + c]!;
  const unary = await unaryFromSoftmax(hostTensor(few, [h, w, classes.length]), {
    clip: preset.clip,
    threads: options.threads,
  });
  const refined = await runPreset('crf', image, unary, preset, options);
  const all = new Float32Array(h * w * K);
  for (let i = 0, at = 0; i < h * w; i++) for (const c of classes) all[i * K + c] = refined.values[at++]!;
  return hostTensor(all, [h, w, K]);
}
