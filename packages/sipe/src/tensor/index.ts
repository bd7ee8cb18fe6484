export { backgroundCam, type TensorBackgroundCamOptions } from './background-cam';
export { type Exploration, type ExploredTensors, explorePrototypes } from './explore-prototypes';
export { gscLoss } from './gsc-loss';
export { type HierarchicalFeaturesOptions, hierarchicalFeatures } from './hierarchical-features';
export { type ImageSpecificCamOptions, imageSpecificCam } from './image-specific-cam';
export { prototypes } from './prototypes';
export { structureMap } from './structure-map';
export { structureSeeds, type TensorStructureSeedsOptions } from './structure-seeds';
