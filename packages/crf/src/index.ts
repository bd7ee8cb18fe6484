export { type BilateralFeaturesOptions, bilateralFeatures } from './bilateral-features';
export type { EngineName } from './choose-engine';
export type { Compatibility } from './compatibility';
export { type CrfOptions, crf } from './crf';
export { type CrfBatchItem, type CrfBatchOptions, crfBatch } from './crf-batch';
export { type CrfFromLabelsOptions, crfFromLabels } from './crf-from-labels';
export { type CrfLattices, crfLattices } from './crf-lattices';
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
export { type CrfPreset, DEEPLAB_CRF, IRN_CRF, PSA_CRF } from './presets';
export type { CrfRunOptions } from './run-preset';
export { type UnaryFromLabelsOptions, unaryFromLabels } from './unary-from-labels';
export { type UnaryFromSoftmaxOptions, unaryFromSoftmax } from './unary-from-softmax';
export { warmUp } from './warm-up';
