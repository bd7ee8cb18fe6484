import { tensor2d } from '@tensorflow/tfjs-core';
import { type Classifier, type HostTensor, hostTensor, ValueError } from '@wsss/core';
import { linear, parameter, parameterBuilder, xavierUniform } from '@wsss/core/layers';
import { type Backbone, featureFunction } from '@wsss/core/tensor';
import { type Augmentation, batches, fit, type History, multilabelSoftMarginLoss, polySgd } from '@wsss/train';
import { type LabelledPhotos, type PooledViews, pooledViews } from './pooled-views';

export interface TrainClassifierOptions {
  /** Random views of each photo that it learns from. @default 4 */
  readonly passes?: number;
  /** How they differ. @default long side of 256 to 512 pixels, mirrored, recoloured, cut to 321 pixels */
  readonly augmentation?: Augmentation;
  /** @default 60 */
  readonly epochs?: number;
  /** @default 64 */
  readonly batchSize?: number;
  /** At the first step; it falls to 0. @default 0.1 */
  readonly learningRate?: number;
  /** @default 5e-4 */
  readonly weightDecay?: number;
  /** @default 0 */
  readonly seed?: number;
  /** Taps of the network that the classifier's features have besides its own, for `sipe` of `pseudoLabel`. */
  readonly taps?: readonly string[];
  /** Called after every view that was looked at: `progressBar` of `@wsss/train` takes it. The training itself is quick. */
  readonly onProgress?: (progress: { readonly step: number; readonly steps: number }) => void;
}

/** A classifier, and how its training went. */
export interface TrainedClassifier extends Classifier {
  readonly weights: HostTensor;
  readonly history: History;
}

/** The defaults of {@link trainClassifier}. */
export const CLASSIFIER_TRAINING = {
  passes: 4,
  augmentation: {
    longSide: [256, 512],
    flip: 0.5,
    jitter: { brightness: 0.3, contrast: 0.3, saturation: 0.3 },
    crop: 321,
  },
  epochs: 60,
  batchSize: 64,
  learningRate: 0.1,
  weightDecay: 5e-4,
  seed: 0,
} as const satisfies TrainClassifierOptions;

/**
 * Learns from image-level labels which classes a photo shows: a linear classifier without bias on the mean of a frozen
 * network's features, so that its weights make class activation maps too. The masks of a data set are not looked at.
 *
 * @param backbone With weights of its own, usually ImageNet's; stays as it is. Only lent: keep it undisposed as long as
 *   the classifier is in use.
 * @param photos Photos with labels; a photo without any shows none of the classes.
 * @returns What `pseudoLabel` takes, with the classes in the order of the data set.
 * @throws {ValueError} if there is no photo, no label or no such tap, or an option is out of range.
 *
 * @example
 * const photos = await folderDataset('photos');
 * const { network } = await loadPretrained('mobilenetV2', { from: 'mobilenet_v2-b0353104.pth' });
 * const classifier = await trainClassifier(network, photos);
 */
export async function trainClassifier(
  backbone: Backbone,
  photos: LabelledPhotos,
  options: TrainClassifierOptions = {},
): Promise<TrainedClassifier> {
  const where = 'trainClassifier';
  const { taps = [], onProgress, ...given } = options;
  const known = [...Object.keys(CLASSIFIER_TRAINING), 'taps', 'onProgress'];
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new ValueError(where, 'options', `to be among ${known.join(', ')}`, name);
  }
  const settings = { ...CLASSIFIER_TRAINING, ...defined(given) };
  for (const name of ['passes', 'epochs', 'batchSize'] as const) {
    const value = settings[name];
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new ValueError(where, name, 'to be a whole number ≥ 1', value);
  }
  const tap = backbone.classifierTap;
  const features = featureFunction(backbone, { taps: [...new Set([tap, ...taps])] });
  if (photos.length === 0) throw new ValueError(where, 'photos', 'to hold at least one', 'none');
  const views = await pooledViews(backbone, photos, settings, (step, steps) => onProgress?.({ step, steps }));
  if (!views.labels.values.includes(1)) {
    const hint = 'Photos alone do not tell what is what: give labels.csv, or { labels }.';
    throw new ValueError(where, 'photos', 'to have labels', `${photos.length} photos without any`, hint);
  }
  const { weights, history } = await learn(views, settings);
  return { features, tap, weights, history };
}

/** `undefined` means the default. */
const defined = <T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

async function learn(
  { features, labels }: PooledViews,
  settings: Required<Pick<TrainClassifierOptions, 'epochs' | 'batchSize' | 'learningRate' | 'weightDecay' | 'seed'>>,
): Promise<{ weights: HostTensor; history: History }> {
  const { epochs, batchSize, learningRate, weightDecay, seed } = settings;
  const [n, F] = features.shape as [number, number];
  const C = labels.shape[1]!;
  const size = Math.min(batchSize, n);
  const total = epochs * Math.ceil(n / size);
  const builder = parameterBuilder({ seed });
  builder.linear('classifier', { in: F, out: C, bias: false, initialiser: xavierUniform() });
  const weight = parameter(builder.parameters, 'classifier.weight');
  const optimizer = polySgd({
    parameters: builder.parameters,
    learningRate,
    momentum: 0.9,
    weightDecay,
    maxSteps: total,
  });
  const rows = (of: HostTensor, which: readonly number[], width: number) => {
    const values = new Float32Array(which.length * width);
    for (const [i, row] of which.entries()) values.set(of.values.subarray(row * width, (row + 1) * width), i * width);
    return tensor2d(values, [which.length, width]);
  };
  try {
    const history = await fit<number[]>({
      optimizer,
      epochs,
      seed,
      data: batches({
        items: [...Array(n).keys()],
        size,
        load: (row) => row,
        collate: (which) => which,
        dropLast: false,
      }),
      size: (batch) => batch.length,
      loss: (batch) => multilabelSoftMarginLoss(linear(rows(features, batch, F), weight), rows(labels, batch, C)),
    });
    const values = await weight.data();
    const transposed = Float32Array.from(values, (_, i) => values[(i % F) * C + Math.floor(i / F)]!);
    return { weights: hostTensor(transposed, [C, F]), history };
  } finally {
    optimizer.dispose();
    builder.dispose();
  }
}
