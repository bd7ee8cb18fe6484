// Makes the gradients of TensorFlow.js's own operations right on every backend; imported for its effect.
import '@wsss/backend/gradients';

export type { CheckpointStore } from './checkpoint/checkpoint-store';
export { folderStore } from './checkpoint/folder-store';
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
