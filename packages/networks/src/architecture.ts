import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { Classifier, Preprocess } from '@wsss/core';
import type { Conv2dOptions, NamedLayers } from '@wsss/core/layers';

/** What a step of a forward function works with: layers by name, and how they are to behave this time. */
export interface Layers extends Pick<NamedLayers, 'linear' | 'told'> {
  /** Convolution, with bias where there is one; its activation is not yet in what `onLayer` is told. */
  conv2d(name: string, x: Tensor4D, options?: Omit<Conv2dOptions, 'bias'>): Tensor4D;
  /** Convolution → batch norm → activation; one convolution with bias in a network that {@link freeze} made. */
  convNorm(names: readonly [conv: string, norm: string], x: Tensor4D, options?: Omit<Conv2dOptions, 'bias'>): Tensor4D;
  /** Batch norm that follows no convolution → activation. */
  norm(name: string, x: Tensor4D, activation?: Conv2dOptions['activation']): Tensor4D;
  /** Channel dropout in training, nothing else. */
  dropout(name: string, x: Tensor4D, rate: number): Tensor4D;
  /** A parameter itself. */
  parameter(name: string): Variable;
}

/** A part of the forward function: from the output of the step before to its own. */
export interface Step {
  /** The tap that its output is, if one. */
  readonly tap?: string;
  /** A pure function of its input and of the parameters behind `layers`. */
  run(layers: Layers, x: Tensor4D): Tensor4D;
}

/** What a network is besides its parameters: plain data, and pure functions in a row. */
export interface Architecture {
  /** For messages and tables. */
  readonly name: string;
  readonly taps: Readonly<Record<string, { readonly stride: number; readonly channels: number }>>;
  readonly classifierTap: string;
  /** The parameter with the official classifier's weights, where the network was made with `{ classes }`. */
  readonly classifierWeights?: string;
  readonly activation?: Classifier['activation'];
  readonly preprocess: Preprocess;
  /** Whether batch norm in training uses the batch, where its stage is not frozen, or the running statistics. */
  readonly batchNorm: 'running' | 'batch';
  /** Whether gradients compute the steps again instead of keeping what is inside them. */
  readonly checkpoint?: boolean;
  /** Of every batch norm. */
  readonly epsilon: number;
  /** The convolutions that a batch norm follows directly: what folding can merge. */
  readonly normed: readonly (readonly [conv: string, norm: string])[];
  readonly steps: readonly Step[];
  /** From the classifier's tap to `[n, C]`, where the network was made with `{ classes }`. */
  readonly head?: (layers: Layers, features: Tensor4D) => Tensor2D;
}

/** What every network of this package is made with, besides its own options. */
export interface NetworkOptions {
  /** Of the first values: a whole number; equal seeds give equal networks. @default 0 */
  seed?: number;
  /** The number of classes of the official classifier; without it the network has none. */
  classes?: number;
  /** `false` leaves filters at zero: faster, for weights that are loaded over all of them. @default true */
  initialise?: boolean;
  /** In training: statistics of the batch (and the running ones moved), or the running ones. @default 'running' */
  batchNorm?: 'running' | 'batch';
  /**
   * Keeps of each block no more than its input for the gradients, and computes it again in the backward pass: several
   * times less memory for about a third more time. The results are the same. @default false
   */
  checkpoint?: boolean;
  /** How the images are normalised, where the weights ask for something else than the official ones. */
  preprocess?: Preprocess;
}
