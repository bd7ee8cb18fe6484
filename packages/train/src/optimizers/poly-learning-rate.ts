import { ValueError } from '@wsss/core';

/**
 * The polynomial schedule: η = base · (1 − step / maxSteps)^power. From `maxSteps` on the last value stays, as in PSA.
 *
 * @param step Steps taken so far, from 0.
 * @param power @default 0.9
 * @throws {ValueError} if `step` is negative, or `maxSteps` or `power` not positive.
 *
 * Source: Chen et al., DeepLab (TPAMI 2018), section 4.1; PSA, IRN and SIPE train with it.
 */
export function polyLearningRate(base: number, step: number, maxSteps: number, power = 0.9): number {
  if (!(step >= 0)) throw new ValueError('polyLearningRate', 'step', 'to be at least 0', step);
  if (!(maxSteps >= 1)) throw new ValueError('polyLearningRate', 'maxSteps', 'to be at least 1', maxSteps);
  if (!(power > 0)) throw new ValueError('polyLearningRate', 'power', 'to be positive', power);
  return base * (1 - Math.min(step, maxSteps - 1) / maxSteps) ** power;
}
