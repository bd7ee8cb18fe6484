export { SIPE_RECIPE } from './recipe';
export type { SipeBatch } from './sipe-batch';
export { type SipeLosses, type SipeLossOptions, sipeLoss } from './sipe-loss';
export { type SipeOptimizerOptions, sipeOptimizer } from './sipe-optimizer';
export { type LabelledImage, type TrainSipeOptions, trainSipe } from './train-sipe';
