import {
  argmaxLabels,
  byteValues,
  finiteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  type TensorLike,
  ValueError,
} from '@wsss/core';

/**
 * IRN's and SIPE's label of a pixel from two label maps: `foreground`, made with a strong background, says where a class
 * is; `background`, made with a weak one, where none is. A class of the first stays; of the rest, what both call
 * background is 0 and what only the first does is ignored (255).
 *
 * @param foreground `[h, w]` class indices.
 * @param background Likewise.
 * @throws {ShapeError} if sizes differ.
 * @throws {ValueError} if a value is no byte.
 *
 * Source: Ahn, Cho & Kwak, CVPR 2019 (pseudo labels with ignored pixels); `cam_to_ir_label.py`.
 */
export async function irLabel(foreground: TensorLike, background: TensorLike): Promise<HostTensor<Uint8Array>> {
  const { h, w } = matchShape('irLabel', 'foreground', foreground?.shape, ['h', 'w']);
  matchShape('irLabel', 'background', background?.shape, ['h', 'w'], { h, w });
  const [sure, none] = [
    await byteValues('irLabel', 'foreground', foreground),
    await byteValues('irLabel', 'background', background),
  ];
  return hostTensor(
    Uint8Array.from(sure, (label, i) => (label !== 0 ? label : none[i] === 0 ? 0 : 255)),
    [h, w],
  );
}

/** A dense CRF on hard labels: a photo, labels `[h, w]` of channels 0 … K − 1, and K → scores `[h, w, K]`. */
export type RefineLabels = (
  image: TensorLike,
  labels: HostTensor<Uint8Array>,
  channels: number,
) => TensorLike | Promise<TensorLike>;

export interface IrLabelMapOptions {
  /** The class of each foreground channel. @default 1, 2, … */
  readonly classes?: readonly number[];
  /**
   * The two backgrounds: SIPE multiplies the maps' own background channel (`factors: [1, 0.5]`), IRN puts a constant
   * before maps that have none (`thresholds: [0.3, 0.05]`). The strong one first.
   * @default { factors: [1, 0.5] }
   */
  readonly background?:
    | { readonly factors: readonly [number, number] }
    | { readonly thresholds: readonly [number, number] };
  /**
   * `(image, labels, classes) => crfFromLabels(image, labels, { classes })` of `@wsss/crf` is the official one.
   */
  readonly crf: RefineLabels;
}

/** IRN's thresholds. SIPE's factors are the default. */
export const IRN_BACKGROUND = { thresholds: [0.3, 0.05] } as const;

/**
 * Pseudo labels with ignored pixels, from maps of a photo: the highest score with a strong and with a weak background,
 * a CRF on each of the two label maps, and {@link irLabel} of the results.
 *
 * @param image RGB 0..255, `[h, w, 3]`.
 * @param maps `[h, w, K]`, background first with `factors`, no background with `thresholds`.
 * @returns Class indices `[h, w]`, 0 background, 255 ignored.
 * @throws {ShapeError} if sizes differ, or the CRF returns another shape.
 * @throws {ValueError} if a value is NaN or infinite, or an option does not fit.
 */
export async function irLabelMap(
  image: TensorLike,
  maps: TensorLike,
  { classes, background = { factors: [1, 0.5] }, crf }: IrLabelMapOptions,
): Promise<HostTensor<Uint8Array>> {
  const where = 'irLabelMap';
  const { h, w, K: given } = matchShape(where, 'maps', maps?.shape, ['h', 'w', 'K']);
  matchShape(where, 'image', image?.shape, ['h', 'w', 3], { h, w });
  const constants = 'thresholds' in background ? background.thresholds : undefined;
  const factors = 'factors' in background ? background.factors : undefined;
  const pair = constants ?? factors;
  if (!(pair?.length === 2 && pair.every((value) => value >= 0 && Number.isFinite(value)))) {
    throw new ValueError(where, 'background', 'to be two { factors } or two { thresholds }, at least 0', background);
  }
  if (typeof crf !== 'function') {
    const hint = 'For the official one: (image, labels, classes) => crfFromLabels(image, labels, { classes }).';
    throw new ValueError(where, 'crf', 'to be a function of image, labels and their number', crf, hint);
  }
  const channels = constants ? given + 1 : given;
  const fits = (index: number) => Number.isInteger(index) && index >= 1 && index <= 254;
  if (classes && !(classes.length === channels - 1 && classes.every(fits))) {
    throw new ValueError(where, 'classes', `to be ${channels - 1} class indices in 1..254`, classes);
  }
  const values = await finiteValues(where, 'maps', maps);
  const confident = async (value: number) => {
    const labels = await argmaxLabels(
      hostTensor(scores(values, given, constants !== undefined, value), [h, w, channels]),
    );
    const refined = await crf(image, labels, channels);
    matchShape(where, 'crf(image, labels)', refined?.shape, [h, w, channels]);
    return argmaxLabels(refined, classes ? { classes } : {});
  };
  const foreground = await confident(pair[0]);
  return irLabel(foreground, await confident(pair[1]));
}

/** The maps with their background multiplied, or with a constant before them. */
function scores(maps: Float32Array, given: number, constant: boolean, value: number): Float32Array {
  if (!constant) return maps.map((score, i) => (i % given === 0 ? score * value : score));
  const K = given + 1;
  return Float32Array.from({ length: (maps.length / given) * K }, (_, i) =>
    i % K === 0 ? value : maps[Math.floor(i / K) * given + (i % K) - 1]!,
  );
}
