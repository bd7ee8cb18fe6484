import { type HostTensor, hostTensor, type Random, type TensorLike, ValueError } from '@wsss/core';
import {
  type Augmentation,
  augment,
  batches,
  type CheckpointOptions,
  type EvaluationContext,
  fit,
  type History,
  type Progress,
} from '@wsss/train';
import type { ValidBox } from '../kernels/valid-mask';
import type { OverlapOptions } from '../seed-options';
import type { SipeNet } from '../sipe-net';
import { SIPE_RECIPE } from './recipe';
import { sipeLoss } from './sipe-loss';
import { type SipeOptimizerOptions, sipeOptimizer } from './sipe-optimizer';

/** A photo, and which classes it shows. */
export interface LabelledImage {
  /** RGB bytes 0..255, `[h, w, 3]`. */
  readonly image: TensorLike;
  /** Class indices from 1; none for a photo without any of them. */
  readonly labels: readonly number[];
}

/** What `trainSipe` takes besides the network. */
export interface TrainSipeOptions<I> extends Omit<SipeOptimizerOptions, 'maxSteps'>, OverlapOptions {
  /** What there is to learn from, e.g. the names of photos. */
  readonly items: readonly I[];
  /** Reads the photo of an item. @default the items are photos themselves */
  readonly load?: (item: I) => LabelledImage | Promise<LabelledImage>;
  /** @default 16 */
  readonly batchSize?: number;
  /** @default 5 */
  readonly epochs?: number;
  /** @default the released: long side 320 to 640, mirrored half of the time, crop 512 */
  readonly augmentation?: Augmentation;
  /** Largest global norm of the gradients. @default 1 */
  readonly clip?: number;
  /** λ of the consistency. @default 1 */
  readonly consistencyWeight?: number;
  /** Of the order, the augmentation and dropout. @default 0 */
  readonly seed?: number;
  /** Where a run that was stopped goes on: see `fit`. */
  readonly checkpoint?: CheckpointOptions;
  readonly evaluate?: (context: EvaluationContext) => Record<string, number> | Promise<Record<string, number>>;
  readonly evaluateEvery?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Trains SIPE's network from image-level labels with the released recipe, every number of it an option.
 *
 * With `checkpoint`, a run that was stopped goes on where it stood, and ends with the same bytes.
 *
 * @returns The history, with the terms `classification` and `consistency` of the loss for each epoch.
 * @throws {ValueError} if an option is out of range, there are too few photos for a batch, or a label is unknown.
 *
 * Source: Chen et al., SIPE (CVPR 2022), the released `train.py`.
 */
export async function trainSipe<I = LabelledImage>(network: SipeNet, options: TrainSipeOptions<I>): Promise<History> {
  const { items, epochs = SIPE_RECIPE.epochs, batchSize = SIPE_RECIPE.batchSize, seed = 0 } = options;
  const { clip = SIPE_RECIPE.clip, augmentation = SIPE_RECIPE.augmentation, consistencyWeight } = options;
  const { load = (item: I) => item as LabelledImage, backgroundFactor, overlap } = options;
  const data = batches({
    items,
    size: batchSize,
    load: async (item, random) => example(network, await load(item), augmentation, random),
    collate: (examples) => batchOf(examples, network.classes),
  });
  const optimizer = sipeOptimizer(network, { ...options, maxSteps: Math.floor(items.length / batchSize) * epochs });
  try {
    const { checkpoint, evaluate, evaluateEvery, onProgress, signal } = options;
    return await fit({
      data,
      loss: (batch, { random }) =>
        sipeLoss(network, batch, {
          consistencyWeight,
          backgroundFactor,
          overlap,
          seed: random.integer(0, 2 ** 31 - 1),
        }),
      size: ({ boxes }) => boxes.length,
      optimizer,
      epochs,
      seed,
      clip,
      checkpoint,
      evaluate,
      evaluateEvery,
      onProgress,
      signal,
    });
  } finally {
    optimizer.dispose();
  }
}

interface Example {
  readonly image: HostTensor;
  readonly box: ValidBox;
  readonly labels: readonly number[];
}

async function example(
  { backbone, classes }: SipeNet,
  { image, labels }: LabelledImage,
  augmentation: Augmentation,
  random: Random,
): Promise<Example> {
  if (!labels.every((label) => Number.isInteger(label) && label >= 1 && label <= classes)) {
    throw new ValueError('trainSipe', 'labels', `to hold class indices 1..${classes}`, labels, 'They count from 1.');
  }
  const view = await augment({ image }, augmentation, { random, preprocess: backbone.preprocess });
  return { image: view.image, box: view.box, labels };
}

function batchOf(examples: readonly Example[], classes: number) {
  const n = examples.length;
  const size = examples[0]!.image.values.length;
  const images = new Float32Array(n * size);
  const labels = new Float32Array(n * classes);
  for (const [i, { image, labels: indices }] of examples.entries()) {
    if (image.values.length !== size) {
      const hint = 'Images of a batch have one size: give the augmentation a `crop`.';
      throw new ValueError('trainSipe', 'augmentation', 'to make images of one size', image.shape, hint);
    }
    images.set(image.values, i * size);
    for (const index of indices) labels[i * classes + index - 1] = 1;
  }
  return {
    images: hostTensor(images, [n, ...examples[0]!.image.shape]),
    labels: hostTensor(labels, [n, classes]),
    boxes: examples.map(({ box }) => box),
  };
}
