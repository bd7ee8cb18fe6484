export type { LabelledPhotos } from './classifier/pooled-views';
export {
  CLASSIFIER_TRAINING,
  type TrainClassifierOptions,
  type TrainedClassifier,
  trainClassifier,
} from './classifier/train-classifier';
export type { CrfFunction, CrfStage } from './crf-stage';
export type { SipeStage, SipeTaps } from './image-specific-stage';
export { overlayLabels } from './overlay-labels';
export {
  type AffinityFunction,
  type PseudoLabel,
  type PseudoLabelOptions,
  pseudoLabel,
  type SegmentedLabel,
  type SegmentedLabelOptions,
} from './pseudo-label';
export type {
  Chart,
  CurvesSection,
  Figure,
  FiguresSection,
  ImageRow,
  ImagesSection,
  LabelsPicture,
  MapPicture,
  NotesSection,
  PhotoPicture,
  Picture,
  ReportContent,
  ReportSection,
  Rgb,
  Series,
  SettingsSection,
  TableColumn,
  TableRow,
  TableSection,
  TimingsSection,
} from './report/content';
export type { ValueFormat } from './report/format-value';
export { report } from './report/report';
export { writeReport } from './report/write-report';
export type { SegmentationFunction, SegmentationStage } from './segmentation-stage';
