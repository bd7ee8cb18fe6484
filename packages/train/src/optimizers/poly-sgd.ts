import { ValueError } from '@wsss/core';
import type { Optimizer } from './optimizer';
import { polyLearningRate } from './poly-learning-rate';
import { type SgdOptions, sgd } from './sgd';

/** Options of {@link polySgd}. */
export interface PolySgdOptions extends Omit<SgdOptions, 'learningRate'> {
  /** At the first step. */
  readonly learningRate: number;
  /** Steps of the whole run: floor(images / batch) · epochs in the papers' code. */
  readonly maxSteps: number;
  /** @default 0.9 */
  readonly power?: number;
  /** μ. @default 0.9; under `compatibility: 'psa'` it is the weight decay and must not be given */
  readonly momentum?: number;
  /**
   * `'psa'` does what the released code of PSA, IRN and SIPE does: it passes the weight decay where torch expects the
   * momentum, so that there is practically none. For numbers that agree with theirs. @default none
   */
  readonly compatibility?: 'psa';
}

/**
 * The papers' optimiser: SGD whose learning rate falls as (1 − step / maxSteps)^power, and stays from `maxSteps` on.
 *
 * @throws {ValueError} as {@link sgd} and {@link polyLearningRate}.
 *
 * Source: PSA `tool/torchutils.py`, PolyOptimizer; IRN and SIPE use the same class.
 */
export function polySgd(options: PolySgdOptions): Optimizer {
  const { learningRate, maxSteps, power = 0.9, compatibility, momentum, weightDecay = 0, ...rest } = options;
  if (compatibility !== undefined && compatibility !== 'psa') {
    throw new ValueError('polySgd', 'compatibility', "to be 'psa' or left out", compatibility);
  }
  if (compatibility === 'psa' && momentum !== undefined) {
    throw new ValueError('polySgd', 'momentum', "to be left out under `compatibility: 'psa'`", momentum);
  }
  return sgd({
    ...rest,
    weightDecay,
    momentum: compatibility === 'psa' ? weightDecay : (momentum ?? 0.9),
    learningRate: (step) => polyLearningRate(learningRate, step, maxSteps, power),
  });
}
