export { matchShape } from './check-shape';
export type { Classifier, FeatureFunction, Features } from './classifier';
export { BackendError, FormatError, ShapeError, ValueError, WsssError } from './errors';
export { finiteValues, hostValues } from './host-values';
export { BACKGROUND, IGNORE, VOC_CLASSES, VOC_PALETTE } from './labels';
export type { Preprocess } from './preprocess';
export { type Random, type RandomState, random } from './random';
export { type HostTensor, hostTensor, isHostTensor, type TensorLike } from './tensor-like';
export { dtypeOf, type NumericArray, type TypedArray } from './typed-array';
