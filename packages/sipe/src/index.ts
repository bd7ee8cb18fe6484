export { type BackgroundCamOptions, backgroundCam } from './background-cam';
export type { EngineName } from './choose-engine';
export { type HierarchicalFeaturesOptions, hierarchicalFeatures } from './hierarchical-features';
export { type ImageSpecificCamOptions, imageSpecificCam } from './image-specific-cam';
export { prototypes } from './prototypes';
export type { Overlap, OverlapOptions } from './seed-options';
export { type StructureMapOptions, structureMap } from './structure-map';
export { type StructureSeedsOptions, structureSeeds } from './structure-seeds';
