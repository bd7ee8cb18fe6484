import { softmax, type Tensor4D, tidy, type Variable } from '@tensorflow/tfjs-core';
import { matchShape, type Preprocess, random, ValueError } from '@wsss/core';
import {
  type Conv2dOptions,
  channelDropout,
  type NamedLayers,
  namedLayers,
  type ParameterBuilder,
  parameterBuilder,
} from '@wsss/core/layers';
import { type Backbone, type ForwardOptions, resizeBilinear } from '@wsss/core/tensor';

/** What every network of this package is made with. */
export interface SegmentationOptions {
  /** K: channels of the result, the background first. */
  readonly classes: number;
  /** Of the head's first values. @default 0 */
  readonly seed?: number;
  /** `false` leaves them zero, where weights are loaded anyway. @default true */
  readonly initialise?: boolean;
}

/** What a forward pass takes besides images. */
export type SegmentationForwardOptions = Pick<ForwardOptions, 'training' | 'seed' | 'onLayer'>;

/** Outputs of the backbone, by tap. */
export type Taps = Readonly<Record<string, Tensor4D>>;

/** A network that tells the class of every pixel. */
export interface SegmentationNetwork {
  readonly name: string;
  /** K, the background included. */
  readonly classes: number;
  readonly backbone: Backbone;
  /** The backbone's taps that the head stands on. */
  readonly taps: readonly string[];
  /**
   * All parameters: the backbone's as `backbone.` and their official names, and the head's. `loadWeights` and
   * `stateDict` of `@wsss/networks` take the network.
   */
  readonly parameters: ReadonlyMap<string, Variable>;
  /** Names of the head's parameters, which are learned from scratch. */
  readonly newParameters: ReadonlySet<string>;
  readonly preprocess: Preprocess;
  /** How scores are brought to the size of the image. */
  readonly alignCorners: boolean;
  /** The backbone's taps → scores before the softmax, at the head's stride, `[n, h', w', K]`. T. */
  head(taps: Taps, options?: SegmentationForwardOptions): Tensor4D;
  /** Normalised images `[n, h, w, 3]` → scores before the softmax, at the head's stride, `[n, h', w', K]`. T. */
  forward(images: Tensor4D, options?: SegmentationForwardOptions): Tensor4D;
  /** The same, brought to the size of the images bilinearly, `[n, h, w, K]`. T. */
  logits(images: Tensor4D, options?: SegmentationForwardOptions): Tensor4D;
  /** Probabilities at the size of the images, `[n, h, w, K]`, each pixel's sum 1. T. */
  probabilities(images: Tensor4D, options?: SegmentationForwardOptions): Tensor4D;
  /** Frees the head. The backbone is yours. */
  dispose(): void;
}

/** The layers of a head, by name, as they are to behave this time. */
export interface HeadLayers extends Pick<NamedLayers, 'groupNorm' | 'told'> {
  conv2d(name: string, x: Tensor4D, options?: Omit<Conv2dOptions, 'bias'>): Tensor4D;
  /** Batch norm: on the batch's statistics in training, on the running ones otherwise. */
  batchNorm(name: string, x: Tensor4D): Tensor4D;
  /** Channel dropout in training, nothing else. */
  dropout(name: string, x: Tensor4D, rate: number): Tensor4D;
}

/** What one network is besides what all share. */
export interface HeadPlan {
  readonly name: string;
  readonly taps: readonly string[];
  /** @default false */
  readonly alignCorners?: boolean;
  declare(builder: ParameterBuilder): void;
  run(layers: HeadLayers, taps: Taps): Tensor4D;
}

/** Puts a head on a backbone. */
export function makeSegmentation(
  backbone: Backbone,
  { classes, seed = 0, initialise = true }: SegmentationOptions,
  plan: HeadPlan,
): SegmentationNetwork {
  const { name, alignCorners = false } = plan;
  if (!(Number.isSafeInteger(classes) && classes >= 2 && classes <= 255)) {
    throw new ValueError(name, 'classes', 'to be a whole number in 2..255, the background included', classes);
  }
  const builder = parameterBuilder({ seed, initialise });
  plan.declare(builder);
  const parameters = new Map<string, Variable>();
  for (const [key, each] of backbone.parameters) parameters.set(`backbone.${key}`, each);
  for (const [key, each] of builder.parameters) parameters.set(key, each);

  const head = (taps: Taps, options: SegmentationForwardOptions = {}) =>
    tidy(() => plan.run(headLayers(name, builder, options), taps));
  const forward = (images: Tensor4D, options: SegmentationForwardOptions = {}) => {
    matchShape(`${name}.forward`, 'images', images.shape, ['n', 'h', 'w', 3]);
    return tidy(() => head(backbone.forward(images, { ...options, taps: plan.taps }), options));
  };
  const logits = (images: Tensor4D, options: SegmentationForwardOptions = {}) =>
    tidy(() => {
      const [, h, w] = images.shape;
      return resizeBilinear(forward(images, options), [h, w], { alignCorners });
    });
  return {
    name,
    classes,
    backbone,
    taps: plan.taps,
    parameters,
    newParameters: new Set(builder.parameters.keys()),
    preprocess: backbone.preprocess,
    alignCorners,
    head,
    forward,
    logits,
    probabilities: (images, options) => tidy(() => softmax(logits(images, options))),
    dispose() {
      for (const key of builder.parameters.keys()) parameters.delete(key);
      builder.dispose();
    },
  };
}

function headLayers(
  network: string,
  { parameters }: ParameterBuilder,
  { training = false, seed, onLayer }: SegmentationForwardOptions,
): HeadLayers {
  const layers = namedLayers(parameters, onLayer ? { onLayer } : {});
  return {
    told: layers.told,
    conv2d: layers.conv2d,
    groupNorm: layers.groupNorm,
    batchNorm: (name, x) => layers.batchNorm(name, x, { trained: training }),
    dropout(name, x, rate) {
      if (!training || rate === 0) return x;
      if (seed === undefined) {
        const hint = `Channels are dropped at random in '${name}': give each step its own seed, e.g. its number.`;
        throw new ValueError(network, 'seed', 'to be given for training', seed, hint);
      }
      return layers.told(name, channelDropout(x, rate, { seed: random(seed).fork(name) }));
    },
  };
}

/** The tap that a head stands on by default: the classifier's; of MobileNetV2 the one before its widened last layer. */
export function bodyTap(backbone: Backbone): string {
  const { classifierTap, taps } = backbone;
  return classifierTap === 'features.18' && taps['features.17'] ? 'features.17' : classifierTap;
}

/** The channels of a tap. */
export function channelsOf(where: string, { taps }: Backbone, tap: string): number {
  const found = taps[tap];
  if (found) return found.channels;
  throw new ValueError(where, 'tap', 'to be a tap of the backbone', tap, `It has ${Object.keys(taps).join(', ')}.`);
}
