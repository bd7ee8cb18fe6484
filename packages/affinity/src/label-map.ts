import {
  finiteValues,
  type HostTensor,
  hostTensor,
  imageValues,
  matchShape,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { confidentLabels as kernel } from './kernels/confident-labels';
import { poolCells } from './kernels/pool-cells';

/** A dense CRF or anything like it: a photo and scores `[h, w, K]` → scores of the same shape. */
export type Refine = (image: TensorLike, scores: HostTensor) => TensorLike | Promise<TensorLike>;

export interface ConfidentLabelsOptions {
  /** Pixels per cell and side. @default 8 */
  readonly cell?: number;
  /** The class of each foreground channel, for labels of classes instead of channels. @default channel numbers */
  readonly classes?: readonly number[];
}

/**
 * PSA's labels of cells from two sets of scores of the same photo: `low` with a strong background (low exponent), whose
 * foreground is trusted, and `high` with a weak one, whose background is. What neither is sure of is ignored, and so is
 * what has no score at all (padding).
 *
 * @param low `[h, w, K]`, background first.
 * @param high Likewise.
 * @returns `[⌈h / cell⌉, ⌈w / cell⌉]`: 0 background, channel or class of the foreground, 255 ignored.
 * @throws {ShapeError} if shapes differ.
 * @throws {ValueError} if a score is NaN or infinite, or an option does not fit.
 *
 * Source: Ahn & Kwak, CVPR 2018 (confident areas of objects and background); order of the rules of the released code.
 */
export async function confidentLabels(
  low: TensorLike,
  high: TensorLike,
  { cell = 8, classes }: ConfidentLabelsOptions = {},
): Promise<HostTensor<Uint8Array>> {
  const where = 'confidentLabels';
  const { h, w, K } = matchShape(where, 'low', low?.shape, ['h', 'w', 'K']);
  matchShape(where, 'high', high?.shape, ['h', 'w', 'K'], { h, w, K });
  checkChannels(where, 'low', K, classes);
  if (!(Number.isSafeInteger(cell) && cell >= 1)) {
    throw new ValueError(where, 'cell', 'to be a whole number ≥ 1', cell);
  }
  const pooled = async (argument: string, scores: TensorLike) =>
    poolCells(await finiteValues(where, argument, scores), [h, w, K], cell, 'zero');
  const labels = kernel(await pooled('low', low), await pooled('high', high), K);
  if (classes) for (let i = 0; i < labels.length; i++) labels[i] = toClass(labels[i]!, classes);
  return hostTensor(labels, [Math.ceil(h / cell), Math.ceil(w / cell)]);
}

export interface AffinityLabelMapOptions extends ConfidentLabelsOptions {
  /** Exponents of the background, (1 − max cam)^alpha: the low one first. @default [4, 32] */
  readonly alphas?: readonly [low: number, high: number];
  /** Run once for each exponent; `(image, scores) => crf(image, scores, PSA_CRF)` of `@wsss/crf` is the official one. */
  readonly crf: Refine;
}

/**
 * The label map that an AffinityNet learns from: a background of two strengths, each refined by a CRF, and
 * {@link confidentLabels} of the two.
 *
 * @param image RGB 0..255, `[h, w, 3]`.
 * @param cam Class activation maps in [0, 1], `[h, w, C]`, of the classes in the photo only.
 * @returns `[⌈h / cell⌉, ⌈w / cell⌉]`, bytes, 255 ignored.
 * @throws {ShapeError} if sizes differ, or the CRF returns another shape.
 * @throws {ValueError} if a value is out of range, or an exponent not positive.
 */
export async function affinityLabelMap(
  image: TensorLike,
  cam: TensorLike,
  { alphas = [4, 32], crf, ...options }: AffinityLabelMapOptions,
): Promise<HostTensor<Uint8Array>> {
  const where = 'affinityLabelMap';
  const { h, w, C } = matchShape(where, 'cam', cam?.shape, ['h', 'w', 'C']);
  matchShape(where, 'image', image?.shape, ['h', 'w', 3], { h, w });
  checkChannels(where, 'cam', C + 1, options.classes);
  if (typeof crf !== 'function') {
    const hint = 'For the official one: (image, scores) => crf(image, scores, PSA_CRF), both of @wsss/crf.';
    throw new ValueError(where, 'crf', 'to be a function of image and scores', crf, hint);
  }
  if (alphas.length !== 2 || !alphas.every((alpha) => alpha > 0 && Number.isFinite(alpha))) {
    throw new ValueError(where, 'alphas', 'to be two positive numbers', alphas);
  }
  await imageValues(where, 'image', image);
  const values = await finiteValues(where, 'cam', cam);
  const refined = async (alpha: number) => {
    const scores = await crf(image, hostTensor(withBackground(values, C, alpha), [h, w, C + 1]));
    matchShape(where, 'crf(image, scores)', scores?.shape, [h, w, C + 1]);
    return scores;
  };
  // One after the other: a CRF may use all processors.
  const low = await refined(alphas[0]);
  const high = await refined(alphas[1]);
  return confidentLabels(low, high, options);
}

function checkChannels(where: string, argument: string, K: number, classes: readonly number[] | undefined): void {
  if (K < 2 || K > 255) {
    throw new ShapeError(where, argument, 'to have 1 to 254 foreground channels', [K]);
  }
  const fits = (index: number) => Number.isInteger(index) && index >= 1 && index <= 254;
  if (classes && !(classes.length === K - 1 && classes.every(fits))) {
    throw new ValueError(where, 'classes', `to be ${K - 1} class indices in 1..254`, classes);
  }
}

const toClass = (label: number, classes: readonly number[]) =>
  label === 0 || label === 255 ? label : classes[label - 1]!;

function withBackground(cam: Float32Array, C: number, alpha: number): Float32Array {
  const scores = new Float32Array((cam.length / C) * (C + 1));
  for (let from = 0, to = 0; from < cam.length; to++) {
    const background = to++;
    let most = 0;
    for (let c = 0; c < C; c++) {
      most = Math.max(most, cam[from]!);
      scores[to + c] = cam[from++]!;
    }
    to += C - 1;
    scores[background] = Math.max(0, 1 - most) ** alpha;
  }
  return scores;
}
