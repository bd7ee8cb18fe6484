import { type AffinityNet, type CellScoresOptions, type RandomWalkOptions, refineScores } from '@wsss/affinity';
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
import { type CrfStage, checkCrf, refineWithCrf } from './crf-stage';
import { checkSipe, imageSpecificMaps, type SipeStage, sharedWith } from './image-specific-stage';

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
   * threshold or a low alpha. @default { threshold: 0.2 }, before a walk { alpha: 16 }
   */
  readonly background?: { readonly threshold: number } | { readonly alpha: number };
  /**
   * Makes image-specific maps, in which the background has a prototype of its own: a `SipeNet` of `@wsss/sipe`, or taps
   * of the classifier's features, without any training.
   */
  readonly sipe?: SipeStage;
  /**
   * Says which neighbouring cells are alike, so that scores walk among them: an `AffinityNet` of `@wsss/affinity`, or a
   * function of the photo to affinities `[P, M]` of its cells.
   */
  readonly affinity?: Pick<AffinityNet, 'predict'> | AffinityFunction;
  /** How far they walk, see `randomWalk` of `@wsss/affinity`; only with `affinity`. @default PSA_WALK: β 8, 256 steps */
  readonly walk?: RandomWalkOptions & CellScoresOptions;
  /**
   * Fits the scores to the edges of the photo at the end: a preset of `@wsss/crf` — `IRN_CRF` starts from the label map
   * of the scores, `PSA_CRF` and `DEEPLAB_CRF` from the scores themselves — or a function of photo and scores.
   */
  readonly crf?: CrfStage;
}

/** RGB 0..255 `[h, w, 3]` → affinities `[P, M]` of its ⌈h / 8⌉ × ⌈w / 8⌉ cells. */
export type AffinityFunction = (image: TensorLike) => TensorLike | Promise<TensorLike>;

/** What {@link pseudoLabel} makes of a photo; everything at the photo's size. */
export interface PseudoLabel {
  /** Class activation maps, `[h, w, C]` in the order of the labels, in [0, 1). */
  readonly cam: HostTensor;
  /** With `sipe`: image-specific maps, background first, `[h, w, C + 1]`, in [0, 1). */
  readonly isCam?: HostTensor;
  /** Scores after the last stage, background first, `[h, w, C + 1]`. */
  readonly refined: HostTensor;
  /** Class indices, 0 for background, `[h, w]`: the highest of the scores. */
  readonly mask: HostTensor<Uint8Array>;
  /** Seconds per stage, in order. */
  readonly timings: Readonly<Record<'cam' | 'mask', number>> &
    Readonly<Partial<Record<'isCam' | 'affinity' | 'walk' | 'crf', number>>>;
}

const known = ['classifier', 'scales', 'flip', 'fusion', 'background', 'sipe', 'affinity', 'walk', 'crf'];

/**
 * Makes a pixel mask of a photo of which only the classes are known: class activation maps with a background, or with
 * `sipe` image-specific maps, and the highest score of each pixel; in between, with `affinity`, a random walk of the
 * scores among cells that are alike, and with `crf` a dense CRF.
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
 * Source: Ahn & Kwak (CVPR 2018); Chen et al., SIPE (CVPR 2022).
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
  const { scales, flip, fusion, sipe, affinity, walk, crf } = options;
  checkSipe(where, sipe, options.background);
  const background = options.background ?? (affinity ? { alpha: 16 } : { threshold: 0.2 });
  checkLabels(where, labels, options.classifier);
  const classifier = sharedWith(sipe, options.classifier);
  checkBackground(where, background);
  checkAffinity(where, affinity, walk);
  checkCrf(where, crf);
  const timings: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    timings[stage] = (performance.now() - started) / 1000;
    return result;
  };
  const cam = await timed('cam', () => multiScaleCam(classifier, image, { classes: labels, scales, flip, fusion }));
  const seen = { classes: labels, scales, flip };
  const isCam = sipe && (await timed('isCam', () => imageSpecificMaps(sipe, classifier, image, seen)));
  let refined = isCam ?? withBackground(cam, background);
  if (affinity) {
    const predicted = await timed('affinity', () => affinities(affinity, image, walk));
    refined = await timed('walk', () => refineScores(refined, predicted, walk));
  }
  if (crf) refined = await timed('crf', () => refineWithCrf(where, crf, image, refined));
  const mask = await timed('mask', () => argmaxLabels(refined, { classes: labels }));
  return { cam, ...(isCam && { isCam }), refined, mask, timings: timings as PseudoLabel['timings'] };
}

/** On the host, whoever they come from: a tensor of a function is read and left to it. */
async function affinities(
  affinity: NonNullable<PseudoLabelOptions['affinity']>,
  image: TensorLike,
  { radius, border }: NonNullable<PseudoLabelOptions['walk']> = {},
): Promise<TensorLike> {
  return typeof affinity === 'function' ? affinity(image) : affinity.predict(image, { radius, border });
}

function checkAffinity(
  where: string,
  affinity: PseudoLabelOptions['affinity'],
  walk: PseudoLabelOptions['walk'],
): void {
  if (affinity === undefined) {
    if (walk === undefined) return;
    throw new ValueError(where, 'walk', 'to be left out without `affinity`', walk);
  }
  if (typeof affinity !== 'function' && typeof affinity?.predict !== 'function') {
    throw new ValueError(where, 'affinity', 'to be an AffinityNet, or a function of the photo', affinity);
  }
  const cell = walk?.cell ?? 8;
  if (typeof affinity !== 'function' && cell !== 8) {
    throw new ValueError(where, 'walk.cell', 'to be 8, the cells of an AffinityNet', cell);
  }
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
