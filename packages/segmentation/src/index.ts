export type { HeadNorm } from './aspp';
export { type CompactSegmentationOptions, compactSegmentation } from './compact-segmentation';
export { type DeeplabLargeFovOptions, deeplabLargeFov } from './deeplab-large-fov';
export { type DeeplabV2Options, deeplabV2 } from './deeplab-v2';
export { type DeeplabV3Options, deeplabV3, TENSORFLOW_DEEPLAB } from './deeplab-v3';
export { type DeeplabV3PlusOptions, deeplabV3Plus } from './deeplab-v3-plus';
export { type ExportGraphModelOptions, exportGraphModel } from './export/export-graph-model';
export { gateByClassifier } from './gate-by-classifier';
export { balancedSeedLoss } from './losses/balanced-seed-loss';
export { type BootstrappedCrossEntropyOptions, bootstrappedCrossEntropy } from './losses/bootstrapped-cross-entropy';
export { crossEntropy } from './losses/cross-entropy';
export { diceLoss } from './losses/dice-loss';
export { generalisedCrossEntropy } from './losses/generalised-cross-entropy';
export { type OhemCrossEntropyOptions, ohemCrossEntropy } from './losses/ohem-cross-entropy';
export { type PredictOptions, predict } from './predict';
export { type Resnet38SegmentationOptions, resnet38Segmentation } from './resnet38-segmentation';
export type {
  SegmentationForwardOptions,
  SegmentationNetwork,
  SegmentationOptions,
  Taps,
} from './segmentation-network';
export { tensorflowDeeplabWeights } from './tensorflow-deeplab-weights';
