export { type AveragePrecisionOptions, averagePrecision, meanAveragePrecision } from './average-precision';
export { type BootstrapOptions, type BootstrapResult, bootstrapMeanIou } from './bootstrap-mean-iou';
export { type BoundaryIou, type BoundaryIouOptions, boundaryIou } from './boundary-iou';
export { type ClassTableOptions, classTable } from './class-table';
export {
  type Absent,
  ConfusionMatrix,
  type ConfusionMatrixJson,
  type ConfusionMatrixOptions,
} from './confusion-matrix';
export { type SweepImage, type SweepPoint, type SweepThresholdOptions, sweepThreshold } from './sweep-threshold';
