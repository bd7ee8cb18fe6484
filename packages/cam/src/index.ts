export { type AddBackgroundOptions, addBackground } from './add-background';
export type { CamActivation } from './cam-activation';
export { type ClassActivationMapOptions, classActivationMap } from './class-activation-map';
export { type Colormap, type ColormapName, colormaps } from './colormaps';
export { type CamFusion, type FuseCamsOptions, fuseCams } from './fuse-cams';
export { type MultiScaleCamOptions, multiScaleCam } from './multi-scale-cam';
export { type CamNormalization, type NormalizeCamOptions, normalizeCam } from './normalize-cam';
export { type OverlayOptions, overlay } from './overlay';
export { type SeedsOptions, seeds } from './seeds';
