export {
  COMPACT_TRAINING,
  DEEPLAB_LARGE_FOV_TRAINING,
  DEEPLAB_V2_TRAINING,
  DEEPLAB_V3_PLUS_TRAINING,
  RESNET38_TRAINING,
  type SegmentationSchedule,
} from './presets';
export {
  type PassedToFit,
  type SegmentationExample,
  type SegmentationLoss,
  type TrainSegmentationOptions,
  trainSegmentation,
} from './train-segmentation';
