import { mean, mul, sigmoid, type Tensor4D, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { type HostTensor, random, resizeNearest, type TensorLike, ValueError } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import {
  type Augmentation,
  augment,
  batches,
  fit,
  type History,
  IRN_AFFINITY_AUGMENTATION,
  polySgd,
} from '@wsss/train';
import type { AffinityLabels } from '../affinity-labels';
import { irnLoss } from '../irn-loss';
import { type IrnNet, MEAN_DISPLACEMENT } from '../irn-net';
import { pairLabels } from './pair-labels';
import { type PassedToFit, passed, stack } from './train-affinity';

/** IRN's `train_irn.py`: the displacement branch learns ten times as fast. */
export const IRN_TRAINING = { epochs: 3, batchSize: 32, learningRate: 0.1, weightDecay: 1e-4, radius: 10 } as const;

export interface TrainIrnOptions<I> extends PassedToFit {
  readonly items: readonly I[];
  /** A photo and its pseudo labels `[h, w]`, 255 ignored, of `irLabelMap`. */
  readonly load: (item: I) => IrnExample | Promise<IrnExample>;
  /** @default IRN_AFFINITY_AUGMENTATION: scale 0.5–1.5, mirror images, crops of 512 */
  readonly augmentation?: Augmentation & { readonly crop: number };
  /** @default 3 */
  readonly epochs?: number;
  /** @default 32 */
  readonly batchSize?: number;
  /** @default 0.1 */
  readonly learningRate?: number;
  /** @default 1e-4 */
  readonly weightDecay?: number;
  /** Momentum; `'psa'` for that of the released code, which is the weight decay. @default 'psa' */
  readonly momentum?: number | 'psa';
  /** @default 10 */
  readonly radius?: number;
}

export interface IrnExample {
  readonly image: TensorLike;
  readonly labels: TensorLike;
}

interface Batch {
  readonly images: HostTensor;
  readonly labels: AffinityLabels;
}

/**
 * Trains the two branches of an IrnNet as IRN does: crops of photos, their labels shrunk to a quarter, labels of pairs,
 * and {@link irnLoss}. Afterwards the mean displacement over the training crops is stored, to be subtracted in inference.
 *
 * @returns Losses and evaluations; its terms are weighted, so that their sum is the loss.
 * @throws what `fit` of `@wsss/train` throws, and {ShapeError} if a crop is too small for the radius.
 */
export async function trainIrn<I>(network: IrnNet, options: TrainIrnOptions<I>): Promise<History> {
  const { items, load, augmentation = IRN_AFFINITY_AUGMENTATION } = options;
  const { epochs = IRN_TRAINING.epochs, batchSize = IRN_TRAINING.batchSize, radius = IRN_TRAINING.radius } = options;
  const { learningRate = IRN_TRAINING.learningRate, weightDecay = IRN_TRAINING.weightDecay } = options;
  if (typeof load !== 'function') throw new ValueError('trainIrn', 'load', 'to be a function', load);
  const { preprocess } = network.backbone;
  const data = batches({
    items,
    size: batchSize,
    load: async (item: I, random) => {
      const { image, labels } = await augment(await load(item), augmentation, { random, preprocess });
      const quarter = (length: number) => Math.ceil(length / 4);
      const [h, w] = labels!.shape as [number, number];
      return { image, labels: (await resizeNearest(labels!, [quarter(h), quarter(w)])) as HostTensor<Uint8Array> };
    },
    collate: async (crops): Promise<Batch> => ({
      images: stack(crops.map(({ image }) => image)),
      labels: await pairLabels(
        crops.map(({ labels }) => labels),
        { radius, order: 'irn' },
      ),
    }),
  });
  const { momentum = 'psa', accumulate = 1 } = options;
  const optimizer = polySgd({
    groups: [{ parameters: network.branches.edge }, { parameters: network.branches.displacement, multiplier: 10 }],
    learningRate,
    weightDecay,
    maxSteps: Math.max(1, Math.floor(Math.floor(items.length / batchSize) / accumulate) * epochs),
    ...(momentum === 'psa' ? { compatibility: 'psa' } : { momentum }),
  });
  try {
    const history = await fit({
      ...passed(options),
      data,
      epochs,
      optimizer,
      size: (batch) => (batch as Batch).images.shape[0]!,
      loss: ({ images, labels }: Batch) => {
        const { edge, displacement } = network.forward(asTensor(images) as Tensor4D, { training: true });
        const loss = irnLoss({ edge: sigmoid(edge), displacement }, labels, { radius });
        return {
          affinity: loss.affinity,
          displacementForeground: mul(loss.displacementForeground, 0.5),
          displacementBackground: mul(loss.displacementBackground, 0.5),
        };
      },
    });
    const context = { epoch: epochs, random: random(options.seed ?? 0).fork('mean'), signal: options.signal };
    await storeMeanDisplacement(network, data(context));
    return history;
  } finally {
    optimizer.dispose();
  }
}

/** The mean displacement over an epoch of crops, which inference subtracts. */
async function storeMeanDisplacement(network: IrnNet, data: Iterable<Batch> | AsyncIterable<Batch>): Promise<void> {
  const sums = [0, 0];
  let count = 0;
  for await (const { images } of data) {
    const batch = tidy(() => {
      const { displacement } = network.forward(asTensor(images) as Tensor4D, { training: true });
      return mean(displacement, [0, 1, 2]);
    });
    const values = await batch.data();
    batch.dispose();
    for (const axis of [0, 1]) sums[axis]! += values[axis]!;
    count++;
  }
  const average = tensor1d(sums.map((sum) => sum / count));
  network.parameters.get(MEAN_DISPLACEMENT)!.assign(average);
  average.dispose();
}
