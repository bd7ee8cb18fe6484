import {
  addN,
  matMul,
  mean,
  mul,
  reshape,
  type Scalar,
  type Tensor,
  tensor2d,
  tensor4d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, random } from '@wsss/core';
import { explorePrototypes, gscLoss, hierarchicalFeatures } from '@wsss/sipe/tensor';
import { batches, fit, type History, multilabelSoftMarginLoss, type Progress, polySgd } from '@wsss/train';
import { firstSide, type SideSettings } from './sides';

/** What a frozen backbone sees in a photo, and the classes of it. */
export interface SeenPhoto {
  /** Indices from 1. */
  readonly classes: readonly number[];
  /** Tap → `[h, w, F]`, all of one size. */
  readonly features: Readonly<Record<string, HostTensor>>;
}

/** How SIPE's loss trains what stands on a frozen backbone. */
export interface SipeHeadSettings {
  /** The classifier's tap. */
  readonly tap: string;
  /** The tap whose cells are compared. */
  readonly structure: string;
  /** What prototypes are made of: taps as they are. */
  readonly prototype: readonly string[];
  /** And learned branches of taps. */
  readonly sides: Readonly<Record<string, SideSettings>>;
  /** Whether the classifier learns, too. */
  readonly classifier: boolean;
  /** What the background's overlap is multiplied with, in training. */
  readonly backgroundFactor: number;
  /** λ of the consistency. */
  readonly consistencyWeight: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Largest norm of the gradients. */
  readonly clip: number;
}

/** What was learned. */
export interface SipeHead {
  /** Of the classifier, `[C, F]`. */
  readonly weights: HostTensor;
  /** Of the branches, by tap, `[F, channels]`. */
  readonly sides: Readonly<Record<string, HostTensor>>;
  readonly history: History;
}

/**
 * Trains a linear classifier, and 1×1 branches of taps, with SIPE's loss on features that were computed once: the
 * multilabel soft margin of the pooled scores, and λ times the mean difference of CAM and IS-CAM. The seeds come from the
 * structure tap; absent classes are masked. Labels only, no mask.
 *
 * @param weights Of the classifier to begin with, `[C, F]`.
 */
export async function trainSipeHead(
  photos: readonly SeenPhoto[],
  weights: HostTensor,
  settings: SipeHeadSettings,
  { seed, onProgress }: { seed: number; onProgress?: (progress: Progress) => void },
): Promise<SipeHead> {
  const { epochs, batchSize, learningRate, momentum, weightDecay, clip } = settings;
  const [C, F] = weights.shape as [number, number];
  const head = variableOf(hostTensor(transposed(weights), [F, C]));
  const draw = random(seed).fork('sides');
  const sides = new Map<string, Variable>();
  for (const [tap, side] of Object.entries(settings.sides)) {
    sides.set(tap, variableOf(firstSide(photos[0]!.features[tap]!.shape[2]!, side, draw.fork(tap))));
  }
  const parameters = new Map([...(settings.classifier ? [['classifier', head] as const] : []), ...sides]);
  const size = Math.min(batchSize, photos.length);
  const data = batches({ items: photos, size, load: (photo) => photo, collate: (batch) => batch });
  const optimizer = polySgd({
    parameters,
    learningRate,
    momentum,
    weightDecay,
    maxSteps: Math.floor(photos.length / size) * epochs,
  });
  try {
    const history = await fit({
      data,
      epochs,
      seed,
      clip,
      optimizer,
      size: (batch) => batch.length,
      loss(batch) {
        const each = batch.map((photo) => lossesOf(photo, head, sides, settings));
        const average = (term: 'classification' | 'consistency') =>
          mul(addN(each.map((losses) => losses[term])), 1 / batch.length) as Scalar;
        return {
          classification: average('classification'),
          consistency: mul(average('consistency'), settings.consistencyWeight) as Scalar,
        };
      },
      ...(onProgress && { onProgress }),
    });
    const learned: Record<string, HostTensor> = {};
    for (const [tap, side] of sides) learned[tap] = hostTensor((await side.data()) as Float32Array, side.shape);
    const trained = hostTensor((await head.data()) as Float32Array, [F, C]);
    return { weights: hostTensor(transposed(trained), [C, F]), sides: learned, history };
  } finally {
    optimizer.dispose();
    head.dispose();
    for (const side of sides.values()) side.dispose();
  }
}

function lossesOf(
  { features, classes }: SeenPhoto,
  head: Variable,
  sides: ReadonlyMap<string, Variable>,
  { tap, structure, prototype, backgroundFactor }: SipeHeadSettings,
): Record<'classification' | 'consistency', Scalar> {
  const seen = (name: string) => {
    const { values, shape } = features[name]!;
    return tensor4d(values, [1, ...(shape as [number, number, number])]);
  };
  const maps = projected(seen(tap), head);
  const [, h, w, C] = maps.shape as [number, number, number, number];
  const shown = Array.from({ length: C }, (_, c) => (classes.includes(c + 1) ? 1 : 0));
  const cell = [1, ...shown];
  const mask = hostTensor(
    Float32Array.from({ length: h * w * cell.length }, (_, i) => cell[i % cell.length]!),
    [1, h, w, cell.length],
  );
  const branches = [...sides].map(([name, side]) => projected(seen(name), side));
  const explored = explorePrototypes(
    {
      maps,
      structure: seen(structure),
      prototype: hierarchicalFeatures([...prototype.map(seen), ...branches] as never) as Tensor,
    },
    { mask, backgroundFactor },
  );
  return {
    classification: multilabelSoftMarginLoss(mean(maps, [1, 2]) as never, tensor2d(shown, [1, C])),
    consistency: gscLoss(explored.cam, explored.isCam),
  };
}

function variableOf({ values, shape }: HostTensor): Variable {
  return tidy(() => variable(tensor2d(values, shape as [number, number])));
}

/** A 1×1 convolution. */
function projected(x: Tensor, weights: Tensor): Tensor {
  const [n, h, w, F] = x.shape as [number, number, number, number];
  return reshape(matMul(reshape(x, [n * h * w, F]), weights as never), [n, h, w, weights.shape[1]!]);
}

/** `[a, b]` to `[b, a]`, the values. */
function transposed({ values, shape }: HostTensor): Float32Array {
  const [a, b] = shape as [number, number];
  return Float32Array.from(values, (_, i) => values[(i % a) * b + Math.floor(i / a)]!);
}
