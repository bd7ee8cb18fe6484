import { type Scalar, type Tensor4D, tidy, type Variable } from '@tensorflow/tfjs-core';
import {
  byteValues,
  type HostTensor,
  hostTensor,
  IGNORE,
  type Random,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { asTensor, resizeBilinear } from '@wsss/core/tensor';
import {
  adamW,
  augment,
  ema as average,
  batches,
  type FitOptions,
  fit,
  type History,
  type Optimizer,
  type ParameterGroup,
  polyLearningRate,
  sgd,
} from '@wsss/train';
import { crossEntropy } from '../losses/cross-entropy';
import type { SegmentationNetwork } from '../segmentation-network';
import { checkLossScales, multiScaleLoss } from './multi-scale-loss';
import { COMPACT_TRAINING, type SegmentationSchedule } from './presets';

/** A photo, RGB bytes `[h, w, 3]`, and the labels of its pixels, `[h, w]`: 0..K−1, 255 ignored. */
export interface SegmentationExample {
  readonly image: TensorLike;
  readonly labels: TensorLike;
}

/** What `fit` of `@wsss/train` does without being told by the stage. */
export type PassedToFit = Pick<
  FitOptions<unknown>,
  'seed' | 'accumulate' | 'checkpoint' | 'evaluate' | 'evaluateEvery' | 'onProgress' | 'signal'
>;

/** From scores `[n, h, w, K]` and labels `[n, h, w]` to a scalar; all losses of this package are such. */
export type SegmentationLoss = (logits: Tensor4D, labels: HostTensor<Uint8Array>) => Scalar;

export interface TrainSegmentationOptions<I> extends Partial<Omit<SegmentationSchedule, 'optimizer'>>, PassedToFit {
  readonly items: readonly I[];
  /** Reads one. It is called again in every epoch. */
  readonly load: (item: I) => SegmentationExample | Promise<SegmentationExample>;
  /** @default crossEntropy */
  readonly loss?: SegmentationLoss;
  /** The name of one, or one of your own; its rate and decay are then its own business. @default 'adamW' */
  readonly optimizer?: 'sgd' | 'adamW' | Optimizer;
  /**
   * The backbone up to this tap stands still: it runs once per crop as in inference, and nothing of it is kept for the way
   * back. The head may stand on later taps and on this one. @default nothing does, but what is not trainable
   */
  readonly frozenUpTo?: string;
  /** Averages the parameters over about 1 / (1 − ema) steps; at the end the network holds the averages. */
  readonly ema?: number;
}

interface Batch {
  /** Normalised images; behind a frozen part its outputs, by tap. */
  readonly input: HostTensor | Readonly<Record<string, HostTensor>>;
  readonly labels: HostTensor<Uint8Array>;
}

/**
 * Trains a segmentation network on photos and labels of their pixels, true or pseudo: random scale, mirror image, colour
 * and crop; the loss at the size of the crop; a polynomial schedule, with a faster rate for the head.
 *
 * What is not given is as in {@link COMPACT_TRAINING}; the papers' settings are presets to spread:
 * `{ ...DEEPLAB_V2_TRAINING, items, load }`.
 *
 * @returns Losses and evaluations.
 * @throws {ShapeError} if labels do not fit their photo.
 * @throws {ValueError} if an option is out of range, a label is no class of the network, and what `fit` throws.
 *
 * @example
 * await trainSegmentation(network, {
 *   items: photos,
 *   load: async ({ file, mask }) => ({ image: await readImage(file), labels: mask }),
 *   frozenUpTo: 'features.13',
 *   checkpoint: { directory: 'segmentation-run' },
 *   onProgress: progressBar({ label: 'segmentation' }),
 * });
 */
export async function trainSegmentation<I>(
  network: SegmentationNetwork,
  options: TrainSegmentationOptions<I>,
): Promise<History> {
  const where = 'trainSegmentation';
  const { items, load, loss = crossEntropy, frozenUpTo, lossScales, ema: decay } = options;
  const { batchSize = COMPACT_TRAINING.batchSize, augmentation = COMPACT_TRAINING.augmentation } = options;
  const { clip = COMPACT_TRAINING.clip } = options;
  if (options.steps !== undefined && options.epochs !== undefined) {
    throw new ValueError(where, 'epochs', 'to be left out where `steps` is given', options.epochs);
  }
  const { steps, epochs = steps === undefined ? COMPACT_TRAINING.epochs : undefined, accumulate = 1 } = options;
  if (typeof load !== 'function') throw new ValueError(where, 'load', 'to be a function', load);
  if (!Array.isArray(items)) throw new ValueError(where, 'items', 'to be a list', items);
  if (augmentation.crop === undefined) {
    throw new ValueError(where, 'augmentation', 'to have a `crop`', augmentation, 'Batches hold images of one size.');
  }
  if (lossScales) checkLossScales(where, lossScales, frozenUpTo);
  const size = [augmentation.crop, augmentation.crop] as const;
  const ahead = frozenUpTo === undefined ? undefined : splitTaps(network, frozenUpTo);
  const data = batches({
    items,
    size: batchSize,
    load: (item: I, random) => example(network, load, item, augmentation, random),
    collate: async (crops): Promise<Batch> => {
      const images = stack(crops.map(({ image }) => image));
      return {
        input: ahead ? await frozenOutputs(network, images, ahead.before) : images,
        labels: stack(crops.map(({ labels }) => labels)),
      };
    },
  });
  const maxSteps = steps ?? Math.max(1, Math.ceil(Math.floor(items.length / batchSize) / accumulate) * epochs!);
  const optimizer = optimizerOf(network, options, maxSteps);
  const averages = decay === undefined ? undefined : average(movingParameters(network), decay);
  try {
    const history = await fit<Batch>({
      ...passed(options),
      data,
      ...(steps === undefined ? { epochs } : { steps }),
      ...(clip !== null && { clip }),
      ...(averages && { ema: averages }),
      optimizer,
      size: ({ labels }) => labels.shape[0]!,
      loss: ({ input, labels }, { random }) => {
        const training = { training: true, seed: random.integer(0, 2 ** 31 - 1) };
        const { alignCorners } = network;
        if (lossScales) {
          const images = asTensor(input as HostTensor) as Tensor4D;
          const forward = (x: Tensor4D) => network.forward(x, training);
          return multiScaleLoss(network, forward, images, lossScales, (scores) => loss(scores, labels));
        }
        const cells =
          ahead && !isTensor(input)
            ? behind(network, input, ahead, training)
            : network.forward(asTensor(input as HostTensor) as Tensor4D, training);
        return loss(resizeBilinear(cells, size, { alignCorners }), labels);
      },
    });
    averages?.swap();
    return history;
  } finally {
    averages?.dispose();
    if (optimizer !== options.optimizer) optimizer.dispose();
  }
}

/** What training may move: what trains, and the statistics of norms. */
function movingParameters({ parameters }: SegmentationNetwork): Map<string, Variable> {
  return new Map([...parameters].filter(([name, each]) => each.trainable || name.includes('.running_')));
}

/** The options that only `fit` looks at. */
function passed(options: PassedToFit): PassedToFit {
  const { seed, accumulate, checkpoint, evaluate, evaluateEvery, onProgress, signal } = options;
  return { seed, accumulate, checkpoint, evaluate, evaluateEvery, onProgress, signal };
}

/** Which outputs of the frozen part the head and the rest of the backbone need, and which come after it. */
interface Split {
  readonly from: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function splitTaps({ backbone, taps }: SegmentationNetwork, from: string): Split {
  const order = Object.keys(backbone.taps);
  const place = order.indexOf(from);
  if (place < 0) {
    const hint = `The backbone has ${order.join(', ')}.`;
    throw new ValueError('trainSegmentation', 'frozenUpTo', 'to be a tap of the backbone', from, hint);
  }
  const after = taps.filter((tap) => order.indexOf(tap) > place);
  const before = new Set(taps.filter((tap) => order.indexOf(tap) <= place));
  if (after.length > 0) before.add(from);
  return { from, before: [...before], after };
}

/** What the frozen part says of a batch, read back: small beside the images, and off the device until it is needed. */
async function frozenOutputs(
  { backbone }: SegmentationNetwork,
  images: HostTensor,
  taps: readonly string[],
): Promise<Record<string, HostTensor>> {
  const outputs = tidy(() => backbone.forward(asTensor(images) as Tensor4D, { taps }));
  try {
    const read = taps.map(
      async (tap) => [tap, hostTensor((await outputs[tap]!.data()) as Float32Array, outputs[tap]!.shape)] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  } finally {
    for (const tap of taps) outputs[tap]!.dispose();
  }
}

/** The rest of the network, behind the frozen part. */
function behind(
  network: SegmentationNetwork,
  given: Readonly<Record<string, HostTensor>>,
  { from, after }: Split,
  training: { training: boolean; seed: number },
): Tensor4D {
  const known = Object.fromEntries(Object.entries(given).map(([tap, values]) => [tap, asTensor(values) as Tensor4D]));
  const later = after.length > 0 ? network.backbone.forward(known[from]!, { ...training, from, taps: after }) : {};
  return network.head({ ...known, ...later }, training);
}

async function example<I>(
  { classes, preprocess }: SegmentationNetwork,
  load: TrainSegmentationOptions<I>['load'],
  item: I,
  augmentation: SegmentationSchedule['augmentation'],
  random: Random,
): Promise<{ image: HostTensor; labels: HostTensor<Uint8Array> }> {
  const { image, labels } = await load(item);
  if (!labels) throw new ShapeError('trainSegmentation', 'labels', ['h', 'w'], undefined);
  const values = await byteValues('trainSegmentation', 'labels', labels);
  const wrong = values.find((label) => label >= classes && label !== IGNORE);
  if (wrong !== undefined) {
    const hint = 'The network was made with too few `classes`, the background included.';
    throw new ValueError('trainSegmentation', 'labels', `to be 0..${classes - 1}, or ${IGNORE}`, wrong, hint);
  }
  const bytes = hostTensor(values, labels.shape);
  const crop = await augment({ image, labels: bytes }, augmentation, { random, preprocess });
  return { image: crop.image, labels: crop.labels! };
}

function optimizerOf<I>(
  network: SegmentationNetwork,
  options: TrainSegmentationOptions<I>,
  maxSteps: number,
): Optimizer {
  const { optimizer = 'adamW' } = options;
  if (typeof optimizer === 'object') return optimizer;
  const {
    learningRate = COMPACT_TRAINING.learningRate,
    headMultiplier = COMPACT_TRAINING.headMultiplier,
    weightDecay = COMPACT_TRAINING.weightDecay,
    momentum = 0.9,
    doubleBiases = false,
  } = options;
  const made = {
    groups: parameterGroups(network, headMultiplier, doubleBiases),
    learningRate: (step: number) => polyLearningRate(learningRate, step, maxSteps),
    weightDecay,
  };
  if (optimizer === 'adamW') return adamW(made);
  if (optimizer === 'sgd') return sgd({ ...made, momentum });
  throw new ValueError('trainSegmentation', 'optimizer', "to be 'sgd', 'adamW' or an Optimizer", optimizer);
}

/** The backbone's parameters, and the head's, which learn faster; of both the biases apart, if they learn twice as fast. */
function parameterGroups(
  { parameters, newParameters }: SegmentationNetwork,
  headMultiplier: number,
  doubleBiases: boolean,
): ParameterGroup[] {
  return [false, true].flatMap((isNew) => {
    const multiplier = isNew ? headMultiplier : 1;
    const all = [...parameters].filter(([name]) => newParameters.has(name) === isNew);
    if (!doubleBiases) return [{ parameters: new Map(all), multiplier }];
    const part = (biases: boolean) => new Map(all.filter(([name]) => name.endsWith('.bias') === biases));
    return [
      { parameters: part(false), multiplier },
      { parameters: part(true), multiplier: 2 * multiplier, weightDecay: 0 },
    ];
  });
}

const isTensor = (input: Batch['input']): input is HostTensor => Array.isArray(input.shape);

/** Arrays of one shape as one, `[n, …]`. */
function stack<A extends Float32Array | Uint8Array>(parts: readonly HostTensor<A>[]): HostTensor<A> {
  const { shape, values: first } = parts[0]!;
  const values = new (first.constructor as new (length: number) => A)(parts.length * first.length);
  for (const [i, part] of parts.entries()) values.set(part.values, i * first.length);
  return hostTensor(values, [parts.length, ...shape]);
}
