export { averagePool2d } from './average-pool2d';
export {
  type BatchNormAffine,
  type BatchNormParameters,
  batchNorm,
  type TrainedBatchNormParameters,
  trainedBatchNorm,
} from './batch-norm';
export { channelDropout } from './channel-dropout';
export { type Conv2dOptions, conv2d } from './conv2d';
export { globalAveragePool } from './global-average-pool';
export { groupNorm } from './group-norm';
export {
  constantValue,
  type Initialiser,
  kaimingNormal,
  kaimingUniform,
  normalValues,
  uniformValues,
  xavierUniform,
} from './initialisers';
export { linear } from './linear';
export { maxPool2d, type PoolOptions } from './max-pool2d';
export { type NamedLayers, type NamedLayersOptions, namedLayers } from './named-layers';
export type { Pair } from './pair';
export {
  type Conv2dParameters,
  type LinearParameters,
  type ParameterBuilder,
  type Parameters,
  parameter,
  parameterBuilder,
} from './parameter-builder';
