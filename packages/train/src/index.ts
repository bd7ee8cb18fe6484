// Makes the gradients of TensorFlow.js's own operations right on every backend; imported for its effect.
import '@wsss/backend/gradients';

export { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './augmentation/adjust-colour';
export { type Augmentation, type AugmentedSample, augment } from './augmentation/augment';
export { type ColorJitter, colorJitter } from './augmentation/color-jitter';
export { type Box, type CroppedSample, cropSample } from './augmentation/crop-sample';
export { flipSample } from './augmentation/flip-sample';
export {
  IRN_AFFINITY_AUGMENTATION,
  IRN_CLASSIFIER_AUGMENTATION,
  PSA_AFFINITY_AUGMENTATION,
  PSA_CLASSIFIER_AUGMENTATION,
  SIPE_AUGMENTATION,
} from './augmentation/presets';
export { resizeSample } from './augmentation/resize-sample';
export type { HostSample, Sample } from './augmentation/sample';
export type { CheckpointStore } from './checkpoint/checkpoint-store';
export { folderStore } from './checkpoint/folder-store';
export { type BatchesOptions, batches } from './fit/batches';
export { fit } from './fit/fit';
export type { EpochRecord, EvaluationRecord, History } from './fit/history';
export { NonFiniteLossError } from './fit/non-finite-loss-error';
export type {
  Batches,
  CheckpointOptions,
  Data,
  EpochContext,
  EvaluationContext,
  FitOptions,
  LossFunction,
  OwnState,
  StepContext,
} from './fit/options';
export type { Progress } from './fit/progress';
export { type ProgressBarOptions, progressBar } from './fit/progress-bar';
export { multilabelSoftMarginLoss } from './losses/multilabel-soft-margin-loss';
export { type AdamWOptions, adamW } from './optimizers/adam-w';
export { clipByGlobalNorm } from './optimizers/clip-by-global-norm';
export { type Ema, ema } from './optimizers/ema';
export type {
  Gradients,
  Optimizer,
  OptimizerOptions,
  OptimizerState,
  ParameterGroup,
  ParameterSet,
} from './optimizers/optimizer';
export { polyLearningRate } from './optimizers/poly-learning-rate';
export { type PolySgdOptions, polySgd } from './optimizers/poly-sgd';
export { psaParameterGroups } from './optimizers/psa-parameter-groups';
export { type SgdOptions, sgd } from './optimizers/sgd';
