export type { Architecture, Layers, NetworkOptions, Step } from './architecture';
export { freeze } from './freeze';
export { type LoadReport, type LoadWeightsOptions, loadWeights } from './load-weights';
export type { Network } from './make-network';
export { type MobilenetV2Options, mobilenetV2 } from './mobilenet-v2';
export type { NameMap, NameMapName } from './name-map';
export { CAFFE_PREPROCESS, IMAGENET_PREPROCESS, TENSORFLOW_PREPROCESS } from './preprocess';
export { stateDict } from './state-dict';
