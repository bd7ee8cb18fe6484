import { ValueError } from '@wsss/core';

/** What is applied to class maps: nothing, their positive part, or its square root (PSA's VGG16). */
export type CamActivation = 'none' | 'relu' | 'sqrtRelu';

export function checkActivation(where: string, argument: string, activation: CamActivation): void {
  if (!['none', 'relu', 'sqrtRelu'].includes(activation)) {
    throw new ValueError(where, argument, "to be 'none', 'relu' or 'sqrtRelu'", activation);
  }
}
