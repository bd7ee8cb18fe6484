import { type HostTensor, normalizeImage, type Preprocess, type Random, roundHalfEven, ValueError } from '@wsss/core';
import { type ColorJitter, colorJitter } from './color-jitter';
import { type Box, cropSample } from './crop-sample';
import { flipSample } from './flip-sample';
import { resizeSample } from './resize-sample';
import { type HostSample, type Sample, sampleSize } from './sample';

/** What {@link augment} does, in this order. What is left out is not done. */
export interface Augmentation {
  /** The longer side becomes a whole number, uniform in this range, both ends included. */
  readonly longSide?: readonly [number, number];
  /** Or both sides are multiplied by a number, uniform in this range. */
  readonly scale?: readonly [number, number];
  /** Probability of a mirror image. */
  readonly flip?: number;
  readonly jitter?: ColorJitter;
  /**
   * Side of a square window: anywhere in a photo that is larger; a photo that is smaller lies anywhere in the window.
   */
  readonly crop?: number;
  /**
   * What surrounds a smaller photo: the `mean` colour (0 after normalisation) or `black` (0 before).
   *
   * @default 'mean'
   */
  readonly padding?: 'mean' | 'black';
}

/** What {@link augment} returns. */
export interface AugmentedSample {
  /** Normalised, `[crop, crop, 3]`, channels in the order of the network. */
  readonly image: HostTensor;
  /** `[crop, crop, K]`, 0 in the padding. */
  readonly maps?: HostTensor | undefined;
  /** `[crop, crop]`, 255 in the padding. */
  readonly labels?: HostTensor<Uint8Array> | undefined;
  /** The part of the image that shows the photo: SIPE's valid mask. */
  readonly box: Box;
  readonly flipped: boolean;
}

/**
 * A training example out of a photo: resized, mirrored, recoloured, normalised and cropped at random, its maps and
 * labels with it.
 *
 * @param sample Photo, RGB bytes `[h, w, 3]`, and what belongs to its pixels.
 * @param augmentation Ranges, e.g. {@link PSA_CLASSIFIER_AUGMENTATION}; change one with a spread.
 * @param options.random Equal streams give equal examples.
 * @param options.preprocess The network's own.
 * @throws {ShapeError} if sizes differ within the sample.
 * @throws {ValueError} if a setting is out of range, or the sample holds values that it may not.
 *
 * @example
 * const { image } = await augment({ image: photo }, SIPE_AUGMENTATION, { random, preprocess: network.preprocess });
 */
export async function augment(
  sample: Sample,
  augmentation: Augmentation,
  { random, preprocess }: { random: Random; preprocess: Preprocess },
): Promise<AugmentedSample> {
  const { h, w } = sampleSize('augment', sample);
  const { longSide, scale, flip = 0, jitter, crop, padding = 'mean' } = checkAugmentation(augmentation);
  let size: [number, number] = [h, w];
  if (longSide) {
    const target = random.integer(...longSide);
    const long = Math.max(h, w);
    size = [side((h * target) / long), side((w * target) / long)];
  } else if (scale) {
    const factor = random.uniform(...scale);
    size = [side(h * factor), side(w * factor)];
  }
  let changed: HostSample<Uint8Array | Float32Array> = await resizeSample(sample, size);
  const flipped = random.next() < flip;
  if (flipped) changed = await flipSample(changed);
  if (jitter) changed = { ...changed, image: await colorJitter(changed.image, jitter, random) };
  const window = drawWindow(size, crop, random);
  if (padding === 'mean') {
    const normalised = { ...changed, image: await normalizeImage(changed.image, preprocess) };
    const { image, ...rest } = await cropSample(normalised, window);
    return { ...rest, image: image as HostTensor, flipped };
  }
  const { image, ...rest } = await cropSample(changed, window);
  return { ...rest, image: await normalizeImage(image, preprocess), flipped };
}

/** A side may shrink to a pixel, but not to nothing. */
function side(length: number): number {
  return Math.max(1, roundHalfEven(length));
}

/** Uniform among the windows that hold as much of the photo as they can. */
function drawWindow([h, w]: readonly [number, number], crop: number | undefined, random: Random): Box {
  if (crop === undefined) return { top: 0, left: 0, height: h, width: w };
  const offset = (side: number) => (side > crop ? random.integer(0, side - crop) : -random.integer(0, crop - side));
  return { top: offset(h), left: offset(w), height: crop, width: crop };
}

function checkAugmentation(augmentation: Augmentation): Augmentation {
  const { longSide, scale, flip, crop, padding } = augmentation;
  const refuse = (name: string, expected: string, got: unknown): never => {
    throw new ValueError('augment', name, expected, got);
  };
  const whole = (n: number | undefined) => Number.isSafeInteger(n) && n! >= 1;
  if (longSide && scale) refuse('scale', 'to be left out where `longSide` is given', scale);
  if (longSide && !(whole(longSide[0]) && whole(longSide[1]) && longSide[0] <= longSide[1])) {
    refuse('longSide', 'to be two whole numbers ≥ 1, the smaller first', longSide);
  }
  if (scale && !(scale[0] > 0 && scale[1] >= scale[0] && Number.isFinite(scale[1]))) {
    refuse('scale', 'to be two positive numbers, the smaller first', scale);
  }
  if (flip !== undefined && !(flip >= 0 && flip <= 1)) refuse('flip', 'to be a probability', flip);
  if (crop !== undefined && !whole(crop)) refuse('crop', 'to be a whole number ≥ 1', crop);
  if (padding !== undefined && padding !== 'mean' && padding !== 'black') {
    refuse('padding', "to be 'mean' or 'black'", padding);
  }
  return augmentation;
}
