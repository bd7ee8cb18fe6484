import { add, mul, sub } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { createOptimizer, type Updated } from './create-optimizer';
import type { Optimizer, OptimizerOptions } from './optimizer';
import { atLeastZero } from './resolve-groups';

/** Options of {@link sgd}. */
export interface SgdOptions extends OptimizerOptions {
  /** μ: how much of the last step's direction goes on. @default 0 */
  readonly momentum?: number;
  /** λ: added to the gradient as λ p; groups may have their own. @default 0 */
  readonly weightDecay?: number;
  /** Looks ahead along the momentum, as Nesterov. @default false */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent with torch's update rule: d = g + λ p; b = d at a parameter's first update, then
 * b = μ b + d; p ← p − η (nesterov ? d + μ b : b), with η the learning rate times the group's multiplier.
 *
 * @throws {ValueError} if a number is negative or not finite, a variable appears twice, or `nesterov` has no momentum.
 *
 * Source: `torch.optim.SGD` (dampening 0), after Sutskever et al., ICML 2013.
 */
export function sgd(options: SgdOptions): Optimizer {
  const { weightDecay = 0, nesterov = false } = options;
  const momentum = atLeastZero('sgd', 'momentum', options.momentum ?? 0);
  if (nesterov && momentum === 0) throw new ValueError('sgd', 'momentum', 'to be positive with `nesterov`', momentum);
  return createOptimizer(options, weightDecay, {
    name: 'sgd',
    slots: momentum > 0 ? ['momentum'] : [],
    update({ parameter, gradient, slots, learningRate, weightDecay }): Updated {
      const decayed = weightDecay > 0 ? add(gradient, mul(parameter, weightDecay)) : gradient;
      if (momentum === 0) return { parameter: sub(parameter, mul(decayed, learningRate)), slots: {} };
      const buffer = slots ? add(mul(slots.momentum!, momentum), decayed) : decayed;
      const direction = nesterov ? add(decayed, mul(buffer, momentum)) : buffer;
      return { parameter: sub(parameter, mul(direction, learningRate)), slots: { momentum: buffer } };
    },
  });
}
