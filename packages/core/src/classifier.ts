import type { TensorLike } from './tensor-like';

/** Named outputs of a network for one image: tap → `[h', w', F]`. */
export type Features = Record<string, TensorLike>;

/** Computes features of one image `[h, w, 3]` with values 0..255; it normalises by itself. */
export type FeatureFunction = (image: TensorLike) => Features | Promise<Features>;

/** A classifier whose last layer is linear in pooled features, so that its weights also make maps. */
export interface Classifier {
  readonly features: FeatureFunction;
  /** The entry of the features that the weights apply to. */
  readonly tap: string;
  /** `[C, F]`; row c belongs to class c + 1. */
  readonly weights: TensorLike;
  /** What is applied to the maps. PSA's VGG16 takes the square root of the positive part. @default 'relu' */
  readonly activation?: 'relu' | 'sqrtRelu';
}
