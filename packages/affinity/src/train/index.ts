export { type AffinitySchedule, PSA_AFFINITY_TRAINING, PSA_RESNET38_AFFINITY_TRAINING } from './presets';
export { type AffinityExample, type PassedToFit, type TrainAffinityOptions, trainAffinity } from './train-affinity';
export {
  type HeadExample,
  type HeadTaps,
  headTaps,
  type TrainAffinityHeadOptions,
  trainAffinityHead,
} from './train-affinity-head';
export { IRN_TRAINING, type IrnExample, type TrainIrnOptions, trainIrn } from './train-irn';
