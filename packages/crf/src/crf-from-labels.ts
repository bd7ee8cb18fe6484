import { type HostTensor, matchShape, type TensorLike } from '@wsss/core';
import { type CrfPreset, IRN_CRF } from './presets';
import { type CrfRunOptions, checkRun, runPreset } from './run-preset';
import { unaryFromLabels } from './unary-from-labels';

export interface CrfFromLabelsOptions extends CrfRunOptions {
  /** Number of classes K that the labels may name: 0 to K − 1 (1 to K with `zeroUnsure`). */
  readonly classes: number;
  /** @default IRN_CRF */
  readonly preset?: CrfPreset;
  /** How sure the labels are. @default that of the preset, else 0.7 */
  readonly gtProb?: number;
  /** Whether label 0 means "unknown" and is no class. @default false, as IRN and SIPE have it */
  readonly zeroUnsure?: boolean;
}

/**
 * Refines a hard label map with a dense CRF: IRN's and SIPE's `crf_inference_label`.
 *
 * @param image `[h, w, channels]`, 0..255.
 * @param labels `[h, w]` whole numbers.
 * @returns Probabilities `[h, w, K]`; their argmax is the refined label map.
 * @throws {ShapeError} if image and labels differ in size.
 * @throws {ValueError} for a label outside of the classes.
 */
export async function crfFromLabels(
  image: TensorLike,
  labels: TensorLike,
  { classes, preset = IRN_CRF, gtProb = preset?.gtProb, zeroUnsure = false, ...options }: CrfFromLabelsOptions,
): Promise<HostTensor> {
  const { h, w } = matchShape('crfFromLabels', 'labels', labels.shape, ['h', 'w']);
  checkRun('crfFromLabels', image, [h, w, classes], preset, options);
  const unary = await unaryFromLabels(labels, { classes, gtProb, zeroUnsure });
  return runPreset('crfFromLabels', image, unary, preset, options);
}
