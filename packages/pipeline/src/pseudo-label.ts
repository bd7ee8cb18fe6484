import {
  type AffinityNet,
  type CellScoresOptions,
  PSA_WALK,
  type RandomWalkOptions,
  refineScores,
} from '@wsss/affinity';
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
import { checkSegmentation, type SegmentationStage, segmentedScores } from './segmentation-stage';

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
  /**
   * How far they walk, see `randomWalk` of `@wsss/affinity`; only with `affinity`. Without a `border`, an `AffinityNet`
   * pairs the cells of photos that are too small for the official pairs up to the border ('full').
   * @default PSA_WALK: β 8, 256 steps
   */
  readonly walk?: RandomWalkOptions & CellScoresOptions;
  /**
   * Fits the scores to the edges of the photo at the end: a preset of `@wsss/crf` — `IRN_CRF` starts from the label map
   * of the scores, `PSA_CRF` and `DEEPLAB_CRF` from the scores themselves — or a function of photo and scores.
   */
  readonly crf?: CrfStage;
  /**
   * What was trained on masks of the stages before: a network of `@wsss/segmentation`, or a function of the photo to
   * probabilities `[h, w, K]` of all classes. Gated by the labels, they take the place of the scores so far, and only the
   * CRF comes after. Leave `classifier` and all that needs it out, unless you want their maps too.
   */
  readonly segmentation?: SegmentationStage;
}

/** The options without maps: a trained segmentation network and the labels. */
export type SegmentedLabelOptions = Pick<PseudoLabelOptions, 'crf'> &
  Required<Pick<PseudoLabelOptions, 'segmentation'>> & { readonly classifier?: undefined };

/** RGB 0..255 `[h, w, 3]` → affinities `[P, M]` of its ⌈h / 8⌉ × ⌈w / 8⌉ cells. */
export type AffinityFunction = (image: TensorLike) => TensorLike | Promise<TensorLike>;

/** What {@link pseudoLabel} makes of a photo; everything at the photo's size. */
export interface PseudoLabel {
  /** Class activation maps, `[h, w, C]` in the order of the labels, in [0, 1). */
  readonly cam: HostTensor;
  /** With `sipe`: image-specific maps, background first, `[h, w, C + 1]`, in [0, 1). */
  readonly isCam?: HostTensor;
  /** With `affinity`: the scores after the walk, background first, `[h, w, C + 1]`. */
  readonly walked?: HostTensor;
  /** With `segmentation`: the network's probabilities, gated by the labels, background first, `[h, w, C + 1]`. */
  readonly segmented?: HostTensor;
  /** Scores after the last stage, background first, `[h, w, C + 1]`. */
  readonly refined: HostTensor;
  /** Class indices, 0 for background, `[h, w]`: the highest of the scores. */
  readonly mask: HostTensor<Uint8Array>;
  /** Seconds per stage, in order. */
  readonly timings: Readonly<Record<'cam' | 'mask', number>> &
    Readonly<Partial<Record<'isCam' | 'affinity' | 'walk' | 'segmentation' | 'crf', number>>>;
}

/** What it makes without a classifier. */
export interface SegmentedLabel extends Omit<PseudoLabel, 'cam' | 'isCam' | 'walked' | 'segmented' | 'timings'> {
  readonly segmented: HostTensor;
  readonly timings: Readonly<Record<'segmentation' | 'mask', number>> & Readonly<Partial<Record<'crf', number>>>;
}

/** Options of the maps, which need a classifier. */
const ofMaps = ['scales', 'flip', 'fusion', 'background', 'sipe', 'affinity', 'walk'] as const;
const known = ['classifier', ...ofMaps, 'crf', 'segmentation'];

/**
 * Makes a pixel mask of a photo of which only the classes are known: class activation maps with a background, or with
 * `sipe` image-specific maps, and the highest score of each pixel; in between, with `affinity`, a random walk of the
 * scores among cells that are alike, and with `crf` a dense CRF. With `segmentation` a network that was trained on such masks
 * sees the photo instead, and the labels say which of its classes may be there.
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
): Promise<PseudoLabel>;
export async function pseudoLabel(
  image: TensorLike,
  labels: readonly number[],
  options: SegmentedLabelOptions,
): Promise<SegmentedLabel>;
export async function pseudoLabel(
  image: TensorLike,
  labels: readonly number[],
  options: Partial<PseudoLabelOptions>,
): Promise<PseudoLabel | SegmentedLabel> {
  const where = 'pseudoLabel';
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new ValueError(where, 'options', `to be among ${known.join(', ')}`, name);
  }
  const { classifier, segmentation, crf } = options;
  const withMaps = classifier !== undefined || segmentation === undefined;
  const useless = withMaps ? undefined : ofMaps.find((name) => options[name] !== undefined);
  if (useless) throw new ValueError(where, useless, 'to be left out without `classifier`', options[useless]);
  const C = withMaps ? checkClassifier(where, options) : undefined;
  checkLabels(where, labels, C);
  checkSegmentation(where, segmentation, labels, C);
  checkCrf(where, crf);
  const timings: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    timings[stage] = (performance.now() - started) / 1000;
    return result;
  };
  const maps = withMaps ? await scoresOfMaps(image, labels, options as PseudoLabelOptions, timed) : undefined;
  const segmented =
    segmentation && (await timed('segmentation', () => segmentedScores(where, segmentation, image, labels, C)));
  let refined = (segmented ?? maps?.scores)!;
  if (crf) refined = await timed('crf', () => refineWithCrf(where, crf, image, refined));
  const mask = await timed('mask', () => argmaxLabels(refined, { classes: labels }));
  const made = { ...maps?.made, ...(segmented && { segmented }), refined, mask, timings };
  return made as unknown as PseudoLabel | SegmentedLabel;
}

/** The stages that stand on the classifier, up to the walk. */
async function scoresOfMaps(
  image: TensorLike,
  labels: readonly number[],
  { scales, flip, fusion, sipe, affinity, walk, ...options }: PseudoLabelOptions,
  timed: <T>(stage: string, work: () => Promise<T>) => Promise<T>,
): Promise<{ made: Pick<PseudoLabel, 'cam' | 'isCam' | 'walked'>; scores: HostTensor }> {
  const classifier = sharedWith(sipe, options.classifier);
  const background = backgroundOf(options.background, affinity);
  const cam = await timed('cam', () => multiScaleCam(classifier, image, { classes: labels, scales, flip, fusion }));
  const seen = { classes: labels, scales, flip };
  const isCam = sipe && (await timed('isCam', () => imageSpecificMaps(sipe, classifier, image, seen)));
  const scores = isCam ?? withBackground(cam, background);
  const made = { cam, ...(isCam && { isCam }) };
  if (!affinity) return { made, scores };
  const steps = typeof affinity === 'function' ? walk : fitting(walk, image.shape);
  const predicted = await timed('affinity', () => affinities(affinity, image, steps));
  const walked = await timed('walk', () => refineScores(scores, predicted, steps));
  return { made: { ...made, walked }, scores: walked };
}

const backgroundOf = (
  given: PseudoLabelOptions['background'],
  affinity: PseudoLabelOptions['affinity'],
): NonNullable<PseudoLabelOptions['background']> => given ?? (affinity ? { alpha: 16 } : { threshold: 0.2 });

/** The official pairs leave out the border; a photo that is nearly all border needs the others. */
function fitting(walk: PseudoLabelOptions['walk'], [h, w]: readonly number[]): PseudoLabelOptions['walk'] {
  const { radius = PSA_WALK.radius, border, cell = 8 } = walk ?? {};
  const official = Math.ceil(h! / cell) >= radius && Math.ceil(w! / cell) >= 2 * radius - 1;
  return official || border !== undefined ? walk : { ...walk, border: 'full' };
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

/** Checks everything that stands on the classifier. @returns C, its classes. */
function checkClassifier(
  where: string,
  { classifier, sipe, affinity, walk, background }: Partial<PseudoLabelOptions>,
): number {
  if (!classifier?.weights || typeof classifier.features !== 'function') {
    throw new ValueError(where, 'classifier', 'to be { features, tap, weights }', classifier);
  }
  checkSipe(where, sipe, background);
  checkBackground(where, backgroundOf(background, affinity));
  checkAffinity(where, affinity, walk);
  return classifier.weights.shape[0]!;
}

function checkLabels(where: string, labels: readonly number[], classes: number | undefined): void {
  // A mask holds bytes, of which 255 means "ignore".
  const C = Math.min(classes ?? Number.POSITIVE_INFINITY, IGNORE - 1);
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
