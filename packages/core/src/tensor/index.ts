export { asTensor, type TensorInput } from './as-tensor';
export type { Backbone, ForwardOptions } from './backbone';
