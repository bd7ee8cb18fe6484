export { backgroundCam } from './background-cam';
export { chooseSeeds } from './choose-seeds';
export { cosines } from './cosines';
export { divideByMaximum } from './divide-by-maximum';
export { normalizeCells } from './normalize-cells';
export { overlapRatio } from './overlap-ratio';
export { prototypes } from './prototypes';
export { type StructureOverlap, structureOverlap } from './structure-overlap';
export { type ValidBox, validMask } from './valid-mask';
