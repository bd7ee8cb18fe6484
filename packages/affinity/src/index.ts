export { AFFINITY_HEADS, type AffinityHead, type AffinityHeadName, type AffinitySide } from './affinity-heads';
export { type AffinityLabels, type AffinityLabelsOptions, affinityLabels } from './affinity-labels';
export { type AffinityLabelsInput, type AffinityLoss, affinityLoss } from './affinity-loss';
export { AffinityNet, type AffinityNetOptions } from './affinity-net';
export { type AffinityPairs, affinityPairs } from './affinity-pairs';
export { cellLabels } from './cell-labels';
export { type CellScoresOptions, cellScores } from './cell-scores';
export type { EngineName } from './choose-engine';
export { type DisplacementLossOptions, displacementLoss } from './displacement-loss';
export { IRN_BACKGROUND, type IrLabelMapOptions, irLabel, irLabelMap, type RefineLabels } from './ir-label';
export { type IrnLoss, irnLoss } from './irn-loss';
export { IrnNet, type IrnNetOptions, type IrnOutputs } from './irn-net';
export { IRN_WALK, type IrnWalkOptions, irnWalk } from './irn-walk';
export type { WalkReport } from './kernels/run-walk';
export type { Border } from './kernels/stencil';
export {
  type AffinityLabelMapOptions,
  affinityLabelMap,
  type ConfidentLabelsOptions,
  confidentLabels,
  type Refine,
} from './label-map';
export { type PairAffinitiesOptions, pairAffinities } from './pair-affinities';
export { pathAffinities } from './path-affinities';
export { type PathPairs, pathAffinity, pathPairs } from './path-affinity';
export { PSA_WALK, type RandomWalkOptions, randomWalk } from './random-walk';
export { type RefinePixelsOptions, refinePixels } from './refine-pixels';
export { refineScores } from './refine-scores';
