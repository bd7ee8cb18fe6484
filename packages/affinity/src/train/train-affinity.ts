import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, type Random, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import {
  type Augmentation,
  augment,
  batches,
  type FitOptions,
  fit,
  type History,
  type Optimizer,
  PSA_AFFINITY_AUGMENTATION,
  polySgd,
  psaParameterGroups,
} from '@wsss/train';
import type { AffinityLabels } from '../affinity-labels';
import type { AffinityNet } from '../affinity-net';
import { cellLabels } from '../cell-labels';
import type { Border } from '../kernels/stencil';
import { confidentLabels } from '../label-map';
import { lossTerms } from './loss-terms';
import { pairLabels } from './pair-labels';
import { type AffinitySchedule, PSA_AFFINITY_TRAINING } from './presets';

/**
 * What there is to learn from a photo, RGB bytes `[h, w, 3]`: scores `[h, w, K]` of a low and a high exponent of the
 * background, as PSA has them (see `confidentLabels`), or labels of its pixels `[h, w]`, 255 ignored.
 */
export type AffinityExample =
  | { readonly image: TensorLike; readonly low: TensorLike; readonly high: TensorLike }
  | { readonly image: TensorLike; readonly labels: TensorLike };

/** What `fit` does without being told by the stage. */
export type PassedToFit = Pick<
  FitOptions<unknown>,
  'seed' | 'clip' | 'accumulate' | 'checkpoint' | 'evaluate' | 'evaluateEvery' | 'onProgress' | 'signal'
>;

export interface TrainAffinityOptions<I> extends Partial<AffinitySchedule>, PassedToFit {
  readonly items: readonly I[];
  /** Reads one. It is called again in every epoch. */
  readonly load: (item: I) => AffinityExample | Promise<AffinityExample>;
  /** @default PSA_AFFINITY_AUGMENTATION: crops of 448, black around smaller photos */
  readonly augmentation?: Augmentation & { readonly crop: number };
  /** Another optimiser than PSA's; then `learningRate` and `weightDecay` are its own business. */
  readonly optimizer?: Optimizer;
  /** Momentum of PSA's optimiser: `'psa'` for that of the released code, 5e-4. @default 'psa' */
  readonly momentum?: number | 'psa';
  /** @default 5 */
  readonly radius?: number;
  /** @default 'official' */
  readonly border?: Border;
}

interface Batch {
  readonly images: HostTensor;
  readonly labels: AffinityLabels;
}

/**
 * Trains an AffinityNet as PSA does: crops of photos and of their scores together, padded with black before the
 * normalisation; labels of cells, of which what is outside of the photo or unsure is ignored; labels of pairs; the loss of
 * the pairs, counted over the batch. Frozen layers of the backbone stay as they are.
 *
 * @returns Losses and evaluations; its terms are weighted, so that their sum is the loss.
 * @throws {ShapeError} if a crop is too small for the radius, or scores do not fit their photo.
 * @throws {ValueError} if an option is out of range, and what `fit` of `@wsss/train` throws.
 *
 * @example
 * await trainAffinity(network, {
 *   ...PSA_RESNET38_AFFINITY_TRAINING,
 *   items: photos,
 *   load: async ({ file, cam }) => ({ image: await readImage(file), low: await crfOf(cam, 4), high: await crfOf(cam, 32) }),
 *   checkpoint: { directory: 'affinity-run', every: 100 },
 *   onProgress: progressBar({ label: 'AffinityNet' }),
 * });
 *
 * Source: Ahn & Kwak, CVPR 2018, "Learning AffinityNet"; `train_aff.py`.
 */
export async function trainAffinity<I>(network: AffinityNet, options: TrainAffinityOptions<I>): Promise<History> {
  const {
    items,
    load,
    augmentation = PSA_AFFINITY_AUGMENTATION,
    epochs = PSA_AFFINITY_TRAINING.epochs,
    batchSize = PSA_AFFINITY_TRAINING.batchSize,
    radius = 5,
    border = 'official',
    ...rest
  } = options;
  const { preprocess } = network.backbone;
  if (typeof load !== 'function') throw new ValueError('trainAffinity', 'load', 'to be a function', load);
  const data = batches({
    items,
    size: batchSize,
    load: async (item: I, random) => crop(await load(item), { augmentation, random, preprocess, network }),
    collate: async (crops): Promise<Batch> => ({
      images: stack(crops.map(({ image }) => image)),
      labels: await pairLabels(
        crops.map(({ labels }) => labels),
        { radius, border },
      ),
    }),
  });
  const { optimizer, dispose } = optimizerOf(network, items.length, epochs, batchSize, rest);
  try {
    return await fit({
      ...passed(rest),
      data,
      epochs,
      optimizer,
      size: (batch) => (batch as Batch).images.shape[0]!,
      loss: ({ images, labels }: Batch, { random }) => {
        const seed = random.integer(0, 2 ** 31 - 1);
        const batch = asTensor(images) as Tensor4D;
        return lossTerms(network.affinities(batch, { training: true, seed, radius, border }), labels);
      },
    });
  } finally {
    dispose();
  }
}

/** The options that only `fit` looks at. */
export function passed(options: PassedToFit): PassedToFit {
  const { seed, clip, accumulate, checkpoint, evaluate, evaluateEvery, onProgress, signal } = options;
  return { seed, clip, accumulate, checkpoint, evaluate, evaluateEvery, onProgress, signal };
}

function optimizerOf<I>(
  network: AffinityNet,
  photos: number,
  epochs: number,
  batchSize: number,
  {
    optimizer,
    learningRate = PSA_AFFINITY_TRAINING.learningRate,
    weightDecay = PSA_AFFINITY_TRAINING.weightDecay,
    momentum = 'psa',
    accumulate = 1,
  }: Partial<TrainAffinityOptions<I>>,
): { optimizer: Optimizer; dispose: () => void } {
  if (optimizer) return { optimizer, dispose: () => {} };
  const made = polySgd({
    groups: psaParameterGroups(network.parameters, network.newLayers),
    learningRate,
    weightDecay,
    maxSteps: Math.max(1, Math.floor(Math.floor(photos / batchSize) / accumulate) * epochs),
    ...(momentum === 'psa' ? { compatibility: 'psa' } : { momentum }),
  });
  return { optimizer: made, dispose: () => made.dispose() };
}

async function crop(
  example: AffinityExample,
  {
    augmentation,
    random,
    preprocess,
    network,
  }: {
    augmentation: Augmentation;
    random: Random;
    preprocess: AffinityNet['backbone']['preprocess'];
    network: AffinityNet;
  },
): Promise<{ image: HostTensor; labels: HostTensor<Uint8Array> }> {
  const cell = network.head.stride;
  if ('labels' in example) {
    const { image, labels } = await augment(example, augmentation, { random, preprocess });
    return { image, labels: await cellLabels(labels!, { cell }) };
  }
  const { low, high } = example;
  if (low?.shape?.join() !== high?.shape?.join()) {
    throw new ShapeError('trainAffinity', 'high', low?.shape ?? ['h', 'w', 'K'], high?.shape);
  }
  const both = interleave(await low.data(), await high.data(), low.shape);
  const { image, maps } = await augment({ image: example.image, maps: both }, augmentation, { random, preprocess });
  const [one, other] = halves(maps!);
  return { image, labels: await confidentLabels(one, other, { cell }) };
}

/** Two sets of scores as one, `[h, w, 2 K]`, so that they are cut alike. */
function interleave(
  low: ArrayLike<number | bigint>,
  high: ArrayLike<number | bigint>,
  shape: readonly number[],
): HostTensor {
  const [h, w, K] = shape as [number, number, number];
  const values = Float32Array.from({ length: 2 * h * w * K }, (_, i) => {
    const [cell, c] = [Math.floor(i / (2 * K)), i % (2 * K)];
    return Number(c < K ? low[cell * K + c] : high[cell * K + c - K]);
  });
  return hostTensor(values, [h, w, 2 * K]);
}

function halves({ values, shape }: HostTensor): [HostTensor, HostTensor] {
  const [h, w, twice] = shape as [number, number, number];
  const K = twice / 2;
  const half = (first: number) =>
    hostTensor(
      Float32Array.from({ length: h * w * K }, (_, i) => values[Math.floor(i / K) * twice + first + (i % K)]!),
      [h, w, K],
    );
  return [half(0), half(K)];
}

/** Images of one size, `[n, h, w, C]`. */
export function stack(images: readonly HostTensor[]): HostTensor {
  const { shape } = images[0]!;
  const size = images[0]!.values.length;
  const values = new Float32Array(images.length * size);
  for (const [i, image] of images.entries()) values.set(image.values, i * size);
  return hostTensor(values, [images.length, ...shape]);
}
