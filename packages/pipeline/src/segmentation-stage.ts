import { finiteValues, type HostTensor, hostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { gateByClassifier, predict, type SegmentationNetwork } from '@wsss/segmentation';

/** RGB 0..255 `[h, w, 3]` → probabilities of all classes `[h, w, K]`, background first, each pixel's sum 1. */
export type SegmentationFunction = (image: TensorLike) => TensorLike | Promise<TensorLike>;

/** A network of `@wsss/segmentation`, seen once and mirrored, or a function that says how: with scales, in windows … */
export type SegmentationStage = SegmentationNetwork | SegmentationFunction;

/** @throws {ValueError} if it is neither, or a network without a class that is wanted. */
export function checkSegmentation(
  where: string,
  stage: SegmentationStage | undefined,
  labels: readonly number[],
  classes: number | undefined,
): void {
  if (stage === undefined || typeof stage === 'function') return;
  if (typeof stage?.forward !== 'function' || !Number.isInteger(stage.classes)) {
    const expected = 'to be a network of @wsss/segmentation, or a function of the photo';
    throw new ValueError(where, 'segmentation', expected, stage);
  }
  checkClasses(where, stage.classes, labels, classes);
}

/**
 * What a trained network sees, gated by the labels: the foreground is shared out among the classes that are there.
 *
 * @param classes C, those of the classifier, if there is one.
 * @returns `[h, w, labels + 1]`, background first.
 */
export async function segmentedScores(
  where: string,
  stage: SegmentationStage,
  image: TensorLike,
  labels: readonly number[],
  classes: number | undefined,
): Promise<HostTensor> {
  const probabilities = typeof stage === 'function' ? await stage(image) : await predict(stage, image);
  const [height, width] = image.shape;
  const size = { h: height!, w: width! };
  const { h, w, K } = matchShape(where, 'segmentation(image)', probabilities?.shape, ['h', 'w', 'K'], size);
  checkClasses(where, K, labels, classes);
  const there = Array.from({ length: K - 1 }, (_, c) => (labels.includes(c + 1) ? 1 : 0));
  const gated = await finiteValues(where, 'segmentation', await gateByClassifier(probabilities, there));
  const channels = [0, ...labels];
  const few = new Float32Array(h * w * channels.length);
  for (let i = 0, at = 0; i < h * w; i++) for (const channel of channels) few[at++] = gated[i * K + channel]!;
  return hostTensor(few, [h, w, channels.length]);
}

function checkClasses(where: string, K: number, labels: readonly number[], classes: number | undefined): void {
  if (classes !== undefined && K !== classes + 1) {
    const expected = `to have the classifier's ${classes} classes and the background`;
    throw new ValueError(where, 'segmentation', expected, `${K} channels`);
  }
  const most = Math.max(...labels);
  if (K <= most) {
    const hint = 'Channel 0 is the background, channel c the class of label c.';
    throw new ValueError(where, 'segmentation', `to have a channel for label ${most}`, `${K} channels`, hint);
  }
}
