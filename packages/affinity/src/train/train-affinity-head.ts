import { type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import {
  byteValues,
  type HostTensor,
  hostTensor,
  normalizeImage,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { crop as cut, flipHorizontal } from '@wsss/core/kernels';
import { asTensor } from '@wsss/core/tensor';
import { adamW, batches, fit, type History, type Optimizer, polyLearningRate } from '@wsss/train';
import type { AffinityLabels } from '../affinity-labels';
import type { AffinityNet } from '../affinity-net';
import type { Border } from '../kernels/stencil';
import { pairAffinities } from '../pair-affinities';
import { lossTerms } from './loss-terms';
import { pairLabels } from './pair-labels';
import { type PassedToFit, passed, stack } from './train-affinity';

/** What the head takes of a photo: the network's taps, `[h', w', F]` each. */
export type HeadTaps = Readonly<Record<string, HostTensor>>;

/**
 * What a frozen backbone says of a photo, once and for all: with these at hand {@link trainAffinityHead} need not run it
 * again.
 *
 * @param image RGB 0..255, `[h, w, 3]`.
 * @returns The head's taps, `[h', w', F]` each.
 */
export async function headTaps(network: AffinityNet, image: TensorLike): Promise<HeadTaps> {
  const { values, shape } = await normalizeImage(image, network.backbone.preprocess);
  const [h, w] = shape as [number, number, number];
  const taps = tidy(() => network.taps(tensor4d(values, [1, h, w, 3])));
  try {
    const read = Object.entries(taps).map(async ([name, tap]) => {
      return [name, hostTensor((await tap.data()) as Float32Array, tap.shape.slice(1))] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  } finally {
    for (const tap of Object.values(taps)) tap.dispose();
  }
}

export interface TrainAffinityHeadOptions<I> extends PassedToFit {
  readonly items: readonly I[];
  /** Taps of a photo and the labels of its cells `[⌈h / 8⌉, ⌈w / 8⌉]`, bytes, 255 ignored. */
  readonly load: (item: I) => HeadExample | Promise<HeadExample>;
  /** Side of the square crops in cells, a multiple of all taps' strides; smaller maps are padded. @default 40 */
  readonly crop?: number;
  /** Probability of a mirror image of the features. @default 0.5 */
  readonly flip?: number;
  /** @default 12 */
  readonly epochs?: number;
  /** @default 8 */
  readonly batchSize?: number;
  /** Of Adam, falling to 0 as (1 − t)^0.9. @default 1e-3 */
  readonly learningRate?: number;
  /** @default 0 */
  readonly weightDecay?: number;
  /** Another optimiser than Adam, of the head's parameters. */
  readonly optimizer?: Optimizer;
  /** @default 5 */
  readonly radius?: number;
  /** @default 'official' */
  readonly border?: Border;
}

export interface HeadExample {
  readonly taps: HeadTaps;
  readonly labels: TensorLike;
}

interface Batch {
  readonly taps: Readonly<Record<string, HostTensor>>;
  readonly labels: AffinityLabels;
}

/**
 * Trains the head of an AffinityNet alone, on features of whole photos that were computed once: crops and mirror images
 * of features and of labels of cells. The backbone stays as it is, and does not run.
 *
 * @returns Losses and evaluations; its terms are weighted, so that their sum is the loss.
 * @throws {ShapeError} if labels do not fit their taps, or a crop is too small for the radius.
 * @throws {ValueError} if an option is out of range, and what `fit` of `@wsss/train` throws.
 */
export async function trainAffinityHead<I>(
  network: AffinityNet,
  options: TrainAffinityHeadOptions<I>,
): Promise<History> {
  const { items, load, crop = 40, flip = 0.5, epochs = 12, batchSize = 8, radius = 5, border = 'official' } = options;
  const where = 'trainAffinityHead';
  const { stride } = network.head;
  const steps = network.head.sides.map(({ tap }) => Math.max(1, network.backbone.taps[tap]!.stride / stride));
  const coarsest = Math.max(...steps);
  if (!(Number.isSafeInteger(crop) && crop >= 1 && crop % coarsest === 0)) {
    throw new ValueError(where, 'crop', `to be a multiple of ${coarsest} cells`, crop);
  }
  if (!(flip >= 0 && flip <= 1)) throw new ValueError(where, 'flip', 'to be a probability', flip);
  const data = batches({
    items,
    size: batchSize,
    load: async (item: I, random) => {
      const { taps, labels } = await load(item);
      const [h, w] = labels.shape as [number, number];
      const values = await byteValues(where, 'labels', labels);
      const offset = (side: number) => random.integer(0, Math.max(0, Math.ceil((side - crop) / coarsest))) * coarsest;
      const [top, left, mirrored] = [offset(h), offset(w), random.next() < flip];
      const window = (step: number) => [top / step, left / step, crop / step, crop / step] as const;
      const turned = <A extends Uint8Array | Float32Array>(array: A, size: readonly [number, number, number]) =>
        mirrored ? (flipHorizontal(array, size) as A) : array;
      const cropped: Record<string, HostTensor> = {};
      for (const [i, { tap }] of network.head.sides.entries()) {
        const found = taps[tap];
        const step = steps[i]!;
        const [rows, columns, F] = (found?.shape ?? []) as [number, number, number];
        if (rows !== Math.ceil(h / step) || columns !== Math.ceil(w / step)) {
          const expected = [Math.ceil(h / step), Math.ceil(w / step), 'F'];
          throw new ShapeError(where, `taps['${tap}']`, expected, found?.shape, 'Taps and labels are of one photo.');
        }
        const part = cut(found!.values, [rows, columns, F], [...window(step)]) as Float32Array;
        const side = crop / step;
        cropped[tap] = hostTensor(turned(part, [side, side, F]), [side, side, F]);
      }
      const part = cut(values, [h, w, 1], [...window(1)], 255) as Uint8Array;
      return { taps: cropped, labels: hostTensor(turned(part, [crop, crop, 1]), [crop, crop]) };
    },
    collate: async (crops): Promise<Batch> => ({
      taps: Object.fromEntries(Object.keys(crops[0]!.taps).map((tap) => [tap, stack(crops.map((c) => c.taps[tap]!))])),
      labels: await pairLabels(
        crops.map(({ labels }) => labels),
        { radius, border },
      ),
    }),
  });
  const maxSteps = Math.max(1, Math.floor(items.length / batchSize) * epochs);
  const { learningRate = 1e-3, weightDecay = 0 } = options;
  const head = new Map([...network.parameters].filter(([name]) => !network.backbone.parameters.has(name)));
  const optimizer =
    options.optimizer ??
    adamW({ parameters: head, learningRate: (step) => polyLearningRate(learningRate, step, maxSteps), weightDecay });
  try {
    return await fit({
      ...passed(options),
      data,
      epochs,
      optimizer,
      size: () => batchSize,
      loss: ({ taps, labels }: Batch) => {
        const given = Object.entries(taps).map(([name, tap]) => [name, asTensor(tap) as Tensor4D]);
        const features = network.fuse(Object.fromEntries(given), [crop, crop]);
        return lossTerms(pairAffinities(features, { radius, border }), labels);
      },
    });
  } finally {
    if (!options.optimizer) optimizer.dispose();
  }
}
