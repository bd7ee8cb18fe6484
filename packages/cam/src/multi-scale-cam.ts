import {
  byteValues,
  type Classifier,
  finiteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  ShapeError,
  scaledSize,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { flipHorizontal, resizeBicubic } from '@wsss/core/kernels';
import { type CamActivation, checkActivation } from './cam-activation';
import { checkClasses } from './check-classes';
import { classMaps } from './class-maps';
import { type CamFusion, checkFusion, fuseCams } from './fuse-cams';
import { activate } from './kernels/activate';

export interface MultiScaleCamOptions {
  /** The classes of the image, from 1; the result has their maps, in this order. */
  readonly classes: readonly number[];
  /** Sizes at which the classifier sees the image, relative to its own. @default [1, 0.5, 1.5, 2] */
  readonly scales?: readonly number[];
  /** Whether it sees the mirror image too, at each scale. @default true */
  readonly flip?: boolean;
  /** Whose way to make one map of all. @default 'psa' */
  readonly fusion?: CamFusion;
}

/**
 * Class activation maps of a photo at its own size, from several scales and mirror images.
 *
 * For each scale the photo is resized as Pillow does (bicubic, sides rounded half to even) and shown to the classifier,
 * then its mirror image. Maps are activated (positive part, or what the classifier says), mirrored back and added; in
 * `'sipe'` they are activated after they were added. Then {@link fuseCams}.
 *
 * @param classifier Its feature function is called scale by scale, the plain image first. Tensors that it returns become
 * this function's, and are disposed: let it return clones of tensors that it keeps.
 * @param image Bytes 0..255, RGB, `[h, w, 3]`, of any dtype.
 * @returns `[h, w, classes.length]` in [0, 1), divided by the maximum + 1e-5 per class, no background.
 * @throws {ShapeError} if the image or the features have another shape.
 * @throws {ValueError} if `classes` is empty or holds an index that the classifier lacks, a scale leaves no pixel, the
 * image holds anything but bytes, or a map is not finite.
 *
 * Source: Ahn & Kwak (CVPR 2018), `infer_cls.py`; Ahn et al. (CVPR 2019), `make_cam.py`; Chen et al. (CVPR 2022).
 */
export async function multiScaleCam(
  classifier: Classifier,
  image: TensorLike,
  { classes, scales = [1, 0.5, 1.5, 2], flip = true, fusion = 'psa' }: MultiScaleCamOptions,
): Promise<HostTensor> {
  const where = 'multiScaleCam';
  const { h, w } = matchShape(where, 'image', image.shape, ['h', 'w', 3], {}, 'Photos are RGB, one at a time.');
  if (h * w === 0) throw new ShapeError(where, 'image', 'to have pixels', image.shape);
  checkFusion(where, fusion);
  const { activation = 'relu' } = classifier;
  checkActivation(where, 'classifier.activation', activation);
  if (scales.length === 0 || !scales.every((scale) => scale > 0 && Number.isFinite(scale))) {
    throw new ValueError(where, 'scales', 'to be a list of positive numbers', scales);
  }
  const weights = await classWeights(where, classifier, classes);
  const bytes = await byteValues(where, 'image', image);
  const maps: HostTensor[] = [];
  for (const scale of scales) {
    const size: [number, number] = [scaledSize(h, scale), scaledSize(w, scale)];
    const scaled = resizeBicubic(bytes, [h, w, 3], size);
    const see = (pixels: Uint8Array) => classMaps(where, classifier, hostTensor(pixels, [...size, 3]), weights);
    const plain = await see(scaled);
    const mirrored = flip ? await see(flipHorizontal(scaled, [...size, 3])) : undefined;
    maps.push(merge(where, plain, mirrored, activation, fusion));
  }
  return fuseCams(maps, { size: [h, w], fusion });
}

/** The classes' rows of the weights. */
async function classWeights(where: string, classifier: Classifier, classes: readonly number[]): Promise<HostTensor> {
  const { C, F } = matchShape(where, 'classifier.weights', classifier.weights.shape, ['C', 'F']);
  checkClasses(where, classes, C);
  const weights = await finiteValues(where, 'classifier.weights', classifier.weights);
  const rows = new Float32Array(classes.length * F);
  for (const [row, index] of classes.entries()) rows.set(weights.subarray((index - 1) * F, index * F), row * F);
  return hostTensor(rows, [classes.length, F]);
}

/** One map per scale: the plain image's and, mirrored back, the mirror image's. Both are overwritten. */
function merge(
  where: string,
  plain: HostTensor,
  mirrored: HostTensor | undefined,
  activation: CamActivation,
  fusion: CamFusion,
): HostTensor {
  const each = fusion === 'sipe' ? 'none' : activation;
  activate(plain.values, each);
  if (mirrored) {
    const shape = plain.shape as [number, number, number];
    matchShape(where, 'features of the mirror image', mirrored.shape, shape);
    activate(mirrored.values, each);
    const back = flipHorizontal(mirrored.values, shape);
    for (let i = 0; i < back.length; i++) plain.values[i]! += back[i]!;
  }
  if (fusion === 'sipe') activate(plain.values, activation);
  return plain;
}
