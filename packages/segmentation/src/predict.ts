import { reverse, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import {
  argmaxLabels,
  byteValues,
  finiteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  normalizeImage,
  ShapeError,
  scaledSize,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { crop, flipHorizontal, resizeBicubic } from '@wsss/core/kernels';
import { resizeBilinear } from '@wsss/core/tensor';
import { gateByClassifier } from './gate-by-classifier';
import { addWindow, divideRows } from './kernels/add-window';
import { softmaxRows } from './kernels/softmax-rows';
import type { SegmentationNetwork } from './segmentation-network';
import { windowOffsets } from './window-offsets';

export interface PredictOptions {
  /** Sizes at which the network sees the photo, relative to its own. @default [1] */
  readonly scales?: readonly number[];
  /**
   * How scales become one: the mean of their probabilities, or, as in DeepLab v2, the softmax of the largest score that
   * each class has at any of them. @default 'mean'
   */
  readonly fuse?: 'mean' | 'max';
  /** Whether it sees the mirror image too, at each scale. @default true */
  readonly flip?: boolean;
  /**
   * Side of square windows in which a larger photo is seen, in pixels after scaling: memory no longer grows with the
   * photo. Their scores are averaged where they overlap. @default the whole photo at once
   */
  readonly window?: number;
  /** How much of a window its neighbour covers too, at least, as a part of 1. @default 1 / 3 */
  readonly overlap?: number;
  /**
   * Side of a square into whose top left corner a smaller photo is laid, the mean colour around it, as TensorFlow's
   * DeepLab does. @default none
   */
  readonly canvas?: number;
  /** Scores of a classifier, or image labels 0 and 1: see {@link gateByClassifier}. @default none */
  readonly gate?: TensorLike | readonly number[];
  /** Refines the result, e.g. `(image, scores) => crf(image, scores, DEEPLAB_CRF)` of `@wsss/crf`. @default none */
  readonly crf?: (image: HostTensor<Uint8Array>, probabilities: HostTensor) => TensorLike | Promise<TensorLike>;
  /** Probabilities `[h, w, K]`, or the label map `[h, w]` of the largest. @default 'probabilities' */
  readonly output?: 'probabilities' | 'labels';
}

/**
 * The segmentation of a photo of any size, at its own size: softmax of the scores, averaged over scales and mirror images;
 * then the gate, then the CRF, where they are given. With `fuse: 'max'` the scales are joined before the softmax.
 *
 * @param image RGB bytes `[h, w, 3]`, of any dtype.
 * @returns Probabilities `[h, w, K]`, the background first; with `output: 'labels'` the label map `[h, w]`.
 * @throws {ShapeError} if the image, or what the CRF returns, has another shape.
 * @throws {ValueError} if an option is out of range, the image holds anything but bytes, or a score is not finite.
 *
 * @example
 * const mask = await predict(network, photo, { scales: [0.75, 1, 1.25], output: 'labels' });
 */
export async function predict(
  network: SegmentationNetwork,
  image: TensorLike,
  options: PredictOptions & { readonly output: 'labels' },
): Promise<HostTensor<Uint8Array>>;
export async function predict(
  network: SegmentationNetwork,
  image: TensorLike,
  options?: PredictOptions & { readonly output?: 'probabilities' },
): Promise<HostTensor>;
export async function predict(
  network: SegmentationNetwork,
  image: TensorLike,
  options: PredictOptions,
): Promise<HostTensor | HostTensor<Uint8Array>>;
export async function predict(
  network: SegmentationNetwork,
  image: TensorLike,
  options: PredictOptions = {},
): Promise<HostTensor | HostTensor<Uint8Array>> {
  const { scales, fuse, flip, gate, crf, output } = checkOptions(options);
  const where = 'predict';
  const { h, w } = matchShape(where, 'image', image.shape, ['h', 'w', 3], {}, 'Photos are RGB, one at a time.');
  if (h * w === 0) throw new ShapeError(where, 'image', 'to have pixels', image.shape);
  const bytes = await byteValues(where, 'image', image);
  const { classes: K } = network;
  const sum = new Float32Array(h * w * K);
  const views = flip ? [false, true] : [false];
  // Of each view the largest scores so far; not needed for the mean.
  const largest: Float32Array[] = [];
  for (const scale of scales) {
    const size: [number, number] = [scaledSize(h, scale), scaledSize(w, scale)];
    const scaled = resizeBicubic(bytes, [h, w, 3], size);
    for (const [view, mirrored] of views.entries()) {
      const pixels = mirrored ? flipHorizontal(scaled, [...size, 3]) : scaled;
      const scores = await seen(network, hostTensor(pixels, [...size, 3]), [h, w], mirrored, options);
      if (fuse === 'mean') softmaxRows(scores, K, sum, 1 / (scales.length * views.length));
      else if (largest[view]) takeLarger(largest[view], scores);
      // A copy: scores may be memory of the backend.
      else largest[view] = scores.slice();
    }
  }
  for (const scores of largest) softmaxRows(scores, K, sum, 1 / views.length);
  let result: TensorLike = hostTensor(sum, [h, w, K]);
  if (gate) result = await gateByClassifier(result, gate);
  if (crf) {
    result = await crf(hostTensor(Uint8Array.from(bytes), [h, w, 3]), result as HostTensor);
    matchShape(where, 'result of crf', result?.shape, ['h', 'w', 'K'], { h, w, K });
  }
  if (output === 'labels') return argmaxLabels(result);
  return hostTensor(await finiteValues(where, 'result of crf', result), [h, w, K]);
}

function takeLarger(largest: Float32Array, scores: Float32Array): void {
  for (let i = 0; i < largest.length; i++) if (scores[i]! > largest[i]!) largest[i] = scores[i]!;
}

type Size = readonly [height: number, width: number];

/** Scores of a scaled image at the size of the photo, turned back if it is mirrored. */
async function seen(
  network: SegmentationNetwork,
  image: HostTensor<Uint8Array>,
  size: Size,
  mirrored: boolean,
  { window, overlap = 1 / 3, canvas }: PredictOptions,
): Promise<Float32Array> {
  const { classes: K } = network;
  const { values, shape } = await normalizeImage(image, network.preprocess);
  const [h, w] = shape as [number, number, number];
  // Zero, which `crop` leaves around the photo, is the mean colour after normalisation.
  const part = (top: number, left: number, rows: number, columns: number) =>
    tensor4d(crop(values, [h, w, 3], [top, left, rows, columns]) as Float32Array, [1, rows, columns, 3]);
  const large = window !== undefined && (h > window || w > window);
  if (!large && canvas === undefined) {
    const { alignCorners } = network;
    return read(() => {
      const cells = network.forward(part(0, 0, h, w));
      return resizeBilinear(mirrored ? reverse(cells, 2) : cells, size, { alignCorners });
    });
  }
  const rows = large ? Math.min(h, window) : Math.max(h, canvas!);
  const columns = large ? Math.min(w, window) : Math.max(w, canvas!);
  const offsets = large
    ? windowOffsets(h, rows, overlap).flatMap((top) =>
        windowOffsets(w, columns, overlap).map((left): Size => [top, left]),
      )
    : [[0, 0] as const];
  const sum = new Float32Array(h * w * K);
  const counts = new Uint16Array(h * w);
  for (const [top, left] of offsets) {
    const scores = await read(() => network.logits(part(top, left, rows, columns)));
    addWindow(sum, counts, [h, w, K], scores, [top, left, rows, columns]);
  }
  divideRows(sum, counts, K);
  const whole = mirrored ? flipHorizontal(sum, [h, w, K]) : sum;
  if (h === size[0] && w === size[1]) return whole;
  return read(() => resizeBilinear(tensor4d(whole, [1, h, w, K]), size));
}

/** The values of what a function of tensors returns, all finite. */
async function read(scores: () => Tensor4D): Promise<Float32Array> {
  const made = tidy(scores);
  try {
    return await finiteValues('predict', 'scores of the network', made);
  } finally {
    made.dispose();
  }
}

function checkOptions(options: PredictOptions) {
  const {
    scales = [1],
    fuse = 'mean',
    flip = true,
    window,
    overlap,
    canvas,
    gate,
    crf,
    output = 'probabilities',
  } = options;
  const refuse = (name: string, expected: string, got: unknown, hint?: string): never => {
    throw new ValueError('predict', name, expected, got, hint);
  };
  if (scales.length === 0 || !scales.every((scale) => scale > 0 && Number.isFinite(scale))) {
    refuse('scales', 'to be a list of positive numbers', scales);
  }
  if (fuse !== 'mean' && fuse !== 'max') refuse('fuse', "to be 'mean' or 'max'", fuse);
  for (const [name, side] of Object.entries({ window, canvas })) {
    if (side !== undefined && !(Number.isSafeInteger(side) && side >= 1)) {
      refuse(name, 'to be a whole number ≥ 1', side);
    }
  }
  if (window !== undefined && canvas !== undefined) {
    refuse('canvas', 'to be left out where `window` is given', canvas);
  }
  if (overlap !== undefined && !(overlap >= 0 && overlap < 1)) refuse('overlap', 'to be in [0, 1)', overlap);
  if (crf !== undefined && typeof crf !== 'function') refuse('crf', 'to be a function', crf);
  if (output !== 'probabilities' && output !== 'labels') {
    refuse('output', "to be 'probabilities' or 'labels'", output);
  }
  return { scales, fuse, flip, gate, crf, output };
}
