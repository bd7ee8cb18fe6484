import { add, div, mul, sqrt, square, sub } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { createOptimizer } from './create-optimizer';
import type { Optimizer, OptimizerOptions } from './optimizer';

/** Options of {@link adamW}. */
export interface AdamWOptions extends OptimizerOptions {
  /** How slowly the averages of the gradient and of its square forget. @default [0.9, 0.999] */
  readonly betas?: readonly [number, number];
  /** ε, beside the root in the denominator. @default 1e-8 */
  readonly epsilon?: number;
  /** λ: parameters shrink by η λ p, apart from the gradient; groups may have their own. @default 0.01 */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay, torch's update rule: p ← (1 − η λ) p; m = β₁ m + (1 − β₁) g;
 * v = β₂ v + (1 − β₂) g²; p ← p − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), with t the parameter's own updates and
 * η the learning rate times the group's multiplier.
 *
 * @throws {ValueError} if a number is out of range, or a variable appears twice.
 *
 * Source: `torch.optim.AdamW`; Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.
 */
export function adamW(options: AdamWOptions): Optimizer {
  const { betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0.01 } = options;
  const [beta1, beta2] = betas;
  for (const beta of [beta1, beta2]) {
    if (!(beta >= 0 && beta < 1)) throw new ValueError('adamW', 'betas', 'to be two numbers in [0, 1)', betas);
  }
  if (!(epsilon > 0)) throw new ValueError('adamW', 'epsilon', 'to be positive', epsilon);
  return createOptimizer(options, weightDecay, {
    name: 'adamW',
    slots: ['mean', 'square'],
    update({ parameter, gradient, slots, count, learningRate, weightDecay }) {
      const shrunk = weightDecay > 0 ? mul(parameter, 1 - learningRate * weightDecay) : parameter;
      const fresh = mul(gradient, 1 - beta1);
      const mean = slots ? add(mul(slots.mean!, beta1), fresh) : fresh;
      const freshSquare = mul(square(gradient), 1 - beta2);
      const squares = slots ? add(mul(slots.square!, beta2), freshSquare) : freshSquare;
      const denominator = add(div(sqrt(squares), Math.sqrt(1 - beta2 ** count)), epsilon);
      const stepSize = learningRate / (1 - beta1 ** count);
      return { parameter: sub(shrunk, mul(div(mean, denominator), stepSize)), slots: { mean, square: squares } };
    },
  });
}
