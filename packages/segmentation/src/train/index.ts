export { COMPACT_TRAINING, type SegmentationSchedule } from './presets';
export {
  type PassedToFit,
  type SegmentationExample,
  type SegmentationLoss,
  type TrainSegmentationOptions,
  trainSegmentation,
} from './train-segmentation';
