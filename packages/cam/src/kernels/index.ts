export { activate } from './activate';
export { addBackground } from './add-background';
export { classActivationMap } from './class-activation-map';
export { normalizeCam } from './normalize-cam';
export { seeds } from './seeds';
