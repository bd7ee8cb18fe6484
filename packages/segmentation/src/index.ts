export { type CompactSegmentationOptions, compactSegmentation } from './compact-segmentation';
export { gateByClassifier } from './gate-by-classifier';
export { crossEntropy } from './losses/cross-entropy';
export { type PredictOptions, predict } from './predict';
export type {
  SegmentationForwardOptions,
  SegmentationNetwork,
  SegmentationOptions,
  Taps,
} from './segmentation-network';
