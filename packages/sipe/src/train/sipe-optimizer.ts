import type { Variable } from '@tensorflow/tfjs-core';
import { type Optimizer, polySgd } from '@wsss/train';
import type { SipeNet } from '../sipe-net';
import { SIPE_RECIPE } from './recipe';

export interface SipeOptimizerOptions {
  /** Steps of the whole run, at which the learning rate would be 0. */
  readonly maxSteps: number;
  /** Of the backbone, at the first step. @default 0.1 */
  readonly learningRate?: number;
  /** Of the new layers' learning rate, relative to the backbone's. @default 10 */
  readonly newLayers?: number;
  /** @default 1e-4 */
  readonly weightDecay?: number;
  /**
   * @default that of the released code, whose optimiser passes the weight decay in its place: practically none
   */
  readonly momentum?: number;
}

/**
 * SIPE's optimiser: SGD with a rate that falls as (1 − step / maxSteps)^0.9, ten times as high for the classifier and
 * the side branches.
 *
 * @throws {ValueError} if a number is out of range.
 *
 * Source: the released `train.py`; spec: momentum 1e-4 is what its optimiser really has.
 */
export function sipeOptimizer(network: SipeNet, options: SipeOptimizerOptions): Optimizer {
  const { maxSteps, momentum } = options;
  const { learningRate, newLayers, weightDecay } = { ...SIPE_RECIPE, ...given(options) };
  const old = new Map<string, Variable>();
  for (const [name, variable] of network.parameters) if (!network.newParameters.has(name)) old.set(name, variable);
  return polySgd({
    groups: [{ parameters: old }, { parameters: network.newParameters, multiplier: newLayers }],
    learningRate,
    maxSteps,
    weightDecay,
    ...(momentum === undefined ? { compatibility: 'psa' as const } : { momentum }),
  });
}

/** Without what is `undefined`, which means the default. */
function given(options: SipeOptimizerOptions): Partial<SipeOptimizerOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
