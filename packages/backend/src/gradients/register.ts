import { type GradConfig, getGradient, registerGradient } from '@tensorflow/tfjs-core';
import { gradients } from './index';
import { GRADIENTS_MARK } from './mark';

const mark: GradConfig = { kernelName: GRADIENTS_MARK, gradFunc: () => ({}) };

/** Registers every gradient of this package over what is there. */
export function registerGradients(): void {
  for (const config of [...gradients, mark]) registerGradient(config);
}

/**
 * Registers them again if most were replaced: `@tensorflow/tfjs-layers` and the umbrella package register those of
 * TensorFlow.js as a whole when they are imported. A gradient or two that a program registered itself stay.
 */
export function keepGradients(): void {
  const replaced = gradients.filter((config) => getGradient(config.kernelName) !== config);
  if (replaced.length > gradients.length / 2) registerGradients();
}
