import type { CamActivation } from '../cam-activation';

/** Applies an activation in place. */
export function activate(values: Float32Array, activation: CamActivation): void {
  if (activation === 'none') return;
  for (let i = 0; i < values.length; i++) values[i] = Math.max(0, values[i]!);
  if (activation === 'sqrtRelu') for (let i = 0; i < values.length; i++) values[i] = Math.sqrt(values[i]!);
}
