import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Preprocess } from '@wsss/core';

/** What a model calls with the output of a layer, `[n, h', w', F]`; it goes on with what comes back. */
export type Probe = (layer: string, output: Tensor4D) => Tensor4D;

/**
 * A network in which the outputs of layers can be watched and replaced: normalised images `[n, h, w, 3]` to class scores
 * `[n, C]`, before any softmax or sigmoid. It calls `probe` for the layers that may be asked for.
 *
 * @example
 * const model = (images, probe) => linear(globalAveragePool(probe('features', backbone(images))));
 */
export type ProbedModel = (images: Tensor4D, probe: Probe) => Tensor2D;

/** What all methods of the family take. */
export interface CamMethodOptions {
  /** Class indices from 1: class c is column c − 1 of the scores. */
  readonly classes: readonly number[];
  /** The layer whose cells are weighed, by the name that the model gives to its probe. */
  readonly layer: string;
  /** How the model wants its images. @default RGB with the mean and deviation of ImageNet */
  readonly preprocess?: Preprocess;
}
