import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier';
import type { Preprocess } from '../preprocess';

/** What {@link Backbone.forward} takes besides images. */
export interface ForwardOptions {
  /** The taps to return. @default the classifier's tap */
  readonly taps?: readonly string[];
  /** Dropout and trained batch norm behave as in training. @default false */
  readonly training?: boolean;
  /** Of the channels that dropout drops in training: equal seeds drop equal channels. Give each step its own. */
  readonly seed?: number;
  /** Called with every layer's output, in order of execution. The tensor is only lent. */
  readonly onLayer?: (name: string, output: Tensor) => void;
  /**
   * Starts behind this tap: `images` are its output, `[n, h', w', F]`, and only later taps can be asked for. For what
   * stands still in training and need not be differentiated. A network that cannot do so must throw.
   */
  readonly from?: string;
}

/** A network that stages can stand on. */
export interface Backbone {
  /** Its named outputs: pixels of the image per cell, and channels. */
  readonly taps: Readonly<Record<string, { readonly stride: number; readonly channels: number }>>;
  /** The tap that the official classifier stands on. */
  readonly classifierTap: string;
  /**
   * The parameter that holds the official classifier's weights, `[1, 1, F, C]` or `[F, C]`; only where the network was
   * made with `{ classes }`.
   */
  readonly classifierWeights?: string;
  /** What the official code applies to this network's maps. @default 'relu' */
  readonly activation?: Classifier['activation'];
  /** Official names → variables in the layout of TensorFlow.js (HWIO). Running statistics are not trainable. */
  readonly parameters: ReadonlyMap<string, Variable>;
  readonly preprocess: Preprocess;
  /** Normalised images `[n, h, w, 3]` → the asked-for taps, `[n, h', w', F]`. Keeps nothing but what it returns. */
  forward(images: Tensor4D, options?: ForwardOptions): Record<string, Tensor4D>;
  dispose(): void;
}
