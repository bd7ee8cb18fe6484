export { type BilateralFeaturesOptions, bilateralFeatures } from './bilateral-features';
export type { Compatibility } from './compatibility';
export {
  type BilateralOptions,
  DenseCrf,
  type DenseCrfOptions,
  type EnergyOptions,
  type GaussianOptions,
  type InferOptions,
  type TermOptions,
} from './dense-crf';
export type { Normalization } from './engine';
export { gaussianFeatures } from './gaussian-features';
export { Lattice, type LatticeOptions } from './lattice';
export { type UnaryFromLabelsOptions, unaryFromLabels } from './unary-from-labels';
export { type UnaryFromSoftmaxOptions, unaryFromSoftmax } from './unary-from-softmax';
