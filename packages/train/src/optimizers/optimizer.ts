import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { TensorLike } from '@wsss/core';

/** Parameters with the names that a checkpoint files them under; a plain list is named by position. */
export type ParameterSet = ReadonlyMap<string, Variable> | readonly Variable[];

/** Parameters that share a learning rate and a decay. */
export interface ParameterGroup {
  readonly parameters: ParameterSet;
  /** Of the learning rate. @default 1 */
  readonly multiplier?: number;
  /** Instead of the optimiser's own. */
  readonly weightDecay?: number;
  /** Put before the names, where two groups would otherwise share one. @default '' */
  readonly prefix?: string;
}

/** What every optimiser takes: either `parameters` or `groups`. */
export interface OptimizerOptions {
  readonly parameters?: ParameterSet;
  readonly groups?: readonly ParameterGroup[];
  /** A number, or a function of the steps taken so far, from 0: `(step) => polyLearningRate(0.1, step, 1000)`. */
  readonly learningRate: number | ((step: number) => number);
}

/** Gradients by `variable.name`, as `variableGrads` of TensorFlow.js returns them; no entry, or null: no gradient. */
export type Gradients = Readonly<Record<string, Tensor | null | undefined>> | NamedTensorMap;

/** All that an optimiser remembers. */
export interface OptimizerState {
  /** The update rule; a state only fits the rule that it came from. */
  readonly rule: string;
  /** Steps taken. */
  readonly steps: number;
  /** Updates that each parameter had, by its name in {@link Optimizer.parameters}. */
  readonly updates: Readonly<Record<string, number>>;
  /** Running averages of the rule, as `slot/parameter`. */
  readonly slots: ReadonlyMap<string, TensorLike>;
}

/** Changes parameters by their gradients. */
export interface Optimizer {
  /** All parameters, of all groups, trainable or not. */
  readonly parameters: ReadonlyMap<string, Variable>;
  /** Steps taken so far. */
  readonly steps: number;
  /** The learning rate of the next step, before the groups' multipliers. */
  readonly learningRate: number;
  /**
   * One step. Parameters that are not trainable, or have no gradient, stay as they are, untouched by weight decay too.
   * Reads nothing back from the device.
   *
   * @param gradients By `variable.name`. Not disposed.
   * @throws {ShapeError} if a gradient has another shape than its parameter.
   */
  step(gradients: Gradients): void;
  /**
   * Computes a loss and its gradients, and takes one step.
   *
   * @param loss Returns a scalar that depends on a trainable parameter.
   * @returns The loss before the step, to be disposed by the caller.
   */
  minimize(loss: () => Scalar): Scalar;
  /** The state as it stands. The tensors are lent: read them before the next step. */
  state(): OptimizerState;
  /**
   * Takes up a state that {@link Optimizer.state} gave.
   *
   * @throws {ValueError} if it is another rule's, or names other parameters.
   * @throws {ShapeError} if a tensor does not fit its parameter.
   */
  loadState(state: OptimizerState): Promise<void>;
  /** Frees the state, not the parameters. */
  dispose(): void;
}
