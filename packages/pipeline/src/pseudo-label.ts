import { type CamFusion, multiScaleCam } from '@wsss/cam';
import { addBackground } from '@wsss/cam/kernels';
import {
  argmaxLabels,
  type Classifier,
  type HostTensor,
  hostTensor,
  IGNORE,
  type TensorLike,
  ValueError,
} from '@wsss/core';

export interface PseudoLabelOptions {
  /** Says where each class is seen; `classifierOf(backbone)` of `@wsss/core/tensor` makes one of a network. */
  readonly classifier: Classifier;
  /** Sizes at which it sees the photo, relative to its own. @default [1, 0.5, 1.5, 2] */
  readonly scales?: readonly number[];
  /** Whether it sees the mirror image too. @default true */
  readonly flip?: boolean;
  /** Whose way to make one map of all scales. @default 'psa' */
  readonly fusion?: CamFusion;
  /**
   * The background's score: the same everywhere, or (1 − max_c cam_c)^alpha. Broad maps, as MobileNet's, want a high
   * threshold or a low alpha. @default { threshold: 0.2 }
   */
  readonly background?: { readonly threshold: number } | { readonly alpha: number };
}

/** What {@link pseudoLabel} makes of a photo; everything at the photo's size. */
export interface PseudoLabel {
  /** Class activation maps, `[h, w, C]` in the order of the labels, in [0, 1). */
  readonly cam: HostTensor;
  /** Scores after the last stage, background first, `[h, w, C + 1]`. */
  readonly refined: HostTensor;
  /** Class indices, 0 for background, `[h, w]`: the highest of the scores. */
  readonly mask: HostTensor<Uint8Array>;
  /** Seconds per stage, in order. */
  readonly timings: Readonly<Record<'cam' | 'mask', number>>;
}

const known = ['classifier', 'scales', 'flip', 'fusion', 'background'];

/**
 * Makes a pixel mask of a photo of which only the classes are known: class activation maps, a background, and the
 * highest score of each pixel.
 *
 * @param image RGB bytes 0..255, `[h, w, 3]`, of any size.
 * @param labels The classes in the photo, as indices from 1 in the classifier's order.
 * @throws {ShapeError} if the image is no photo, or the classifier's features do not fit its weights.
 * @throws {ValueError} if there is no label, a label is unknown or there twice, an option is unknown or out of range, or
 * the image holds anything but bytes.
 *
 * @example
 * const { mask } = await pseudoLabel(image, [8, 12], { classifier });
 *
 * Source: the CAM path of Ahn & Kwak (CVPR 2018).
 */
export async function pseudoLabel(
  image: TensorLike,
  labels: readonly number[],
  options: PseudoLabelOptions,
): Promise<PseudoLabel> {
  const where = 'pseudoLabel';
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new ValueError(where, 'options', `to be among ${known.join(', ')}`, name);
  }
  const { classifier, scales, flip, fusion, background = { threshold: 0.2 } } = options;
  checkLabels(where, labels, classifier);
  checkBackground(where, background);
  const started = performance.now();
  const cam = await multiScaleCam(classifier, image, { classes: labels, scales, flip, fusion });
  const located = performance.now();
  const refined = withBackground(cam, background);
  const mask = await argmaxLabels(refined, { classes: labels });
  const timings = { cam: (located - started) / 1000, mask: (performance.now() - located) / 1000 };
  return { cam, refined, mask, timings };
}

function checkLabels(where: string, labels: readonly number[], classifier: Classifier): void {
  if (!classifier?.weights || typeof classifier.features !== 'function') {
    throw new ValueError(where, 'classifier', 'to be { features, tap, weights }', classifier);
  }
  // A mask holds bytes, of which 255 means "ignore".
  const C = Math.min(classifier.weights.shape[0]!, IGNORE - 1);
  if (!Array.isArray(labels) || labels.length === 0) {
    const hint = 'A photo without any of the classes is background throughout; it needs no pseudo label.';
    throw new ValueError(where, 'labels', 'to hold at least one class index', labels, hint);
  }
  if (!labels.every((label) => Number.isInteger(label) && label >= 1 && label <= C)) {
    const hint = 'Indices count from 1 in the order of the classes; data sets yield names.';
    throw new ValueError(where, 'labels', `to hold class indices 1..${C}`, labels, hint);
  }
  if (new Set(labels).size !== labels.length) throw new ValueError(where, 'labels', 'to name each class once', labels);
}

function checkBackground(where: string, background: NonNullable<PseudoLabelOptions['background']>): void {
  const [[name, value] = ['', Number.NaN], ...more] = Object.entries<number>(background);
  if ((name !== 'threshold' && name !== 'alpha') || more.length > 0) {
    throw new ValueError(where, 'background', 'to be { threshold } or { alpha }', background);
  }
  const fits = name === 'alpha' ? value > 0 && Number.isFinite(value) : value >= 0 && value < 1;
  if (!fits) {
    const expected = name === 'alpha' ? 'to be positive' : 'to be in [0, 1)';
    throw new ValueError(where, `background.${name}`, expected, value);
  }
}

function withBackground(cam: HostTensor, background: NonNullable<PseudoLabelOptions['background']>): HostTensor {
  const [h, w, C] = cam.shape as [number, number, number];
  const scores = addBackground(cam.values, C, 'alpha' in background ? background.alpha : 1);
  if ('threshold' in background) for (let i = 0; i < scores.length; i += C + 1) scores[i] = background.threshold;
  return hostTensor(scores, [h, w, C + 1]);
}
