export { asTensor, type TensorInput } from './as-tensor';
export type { Backbone, ForwardOptions } from './backbone';
export { classifierOf } from './classifier-of';
export { type FeatureFunctionOptions, featureFunction, type TensorFeatureFunction } from './feature-function';
