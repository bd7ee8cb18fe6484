import { dispose, keep, type Scalar, type Tensor, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { finiteValues, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { lossGradients } from './loss-gradients';
import type { Gradients, Optimizer, OptimizerOptions, OptimizerState } from './optimizer';
import { atLeastZero, type GroupedParameter, resolveGroups } from './resolve-groups';

/** What an update rule is given for one parameter. */
export interface Update {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** The rule's running averages; undefined at the parameter's first update. */
  readonly slots: Readonly<Record<string, Tensor>> | undefined;
  /** Updates of this parameter, this one included. */
  readonly count: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** The formula of an optimiser: new value and new running averages. Runs inside `tidy`. */
export interface UpdateRule {
  readonly name: string;
  readonly slots: readonly string[];
  update(update: Update): Updated;
}

/** New value and new running averages of one parameter. */
export interface Updated {
  readonly parameter: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
}

/** All that optimisers share: groups, slots, state. */
export function createOptimizer(options: OptimizerOptions, weightDecay: number, rule: UpdateRule): Optimizer {
  return new RuleOptimizer(resolveGroups(rule.name, options, weightDecay), options.learningRate, rule);
}

class RuleOptimizer implements Optimizer {
  readonly parameters: ReadonlyMap<string, Variable>;
  readonly #groups: readonly GroupedParameter[];
  readonly #rate: OptimizerOptions['learningRate'];
  readonly #rule: UpdateRule;
  readonly #slots = new Map<string, Record<string, Tensor>>();
  readonly #updates = new Map<string, number>();
  #steps = 0;

  constructor(groups: GroupedParameter[], rate: OptimizerOptions['learningRate'], rule: UpdateRule) {
    this.#groups = groups;
    this.#rate = rate;
    this.#rule = rule;
    this.parameters = new Map(groups.map(({ name, variable }) => [name, variable]));
    this.learningRate; // checked here, so that a wrong one is told before the first step
  }

  get steps(): number {
    return this.#steps;
  }

  get learningRate(): number {
    const rate = typeof this.#rate === 'function' ? this.#rate(this.#steps) : this.#rate;
    return atLeastZero(this.#rule.name, 'learningRate', rate);
  }

  step(gradients: Gradients): void {
    const rate = this.learningRate;
    for (const { name, variable } of this.#groups) {
      const gradient = gradients[variable.name];
      if (gradient) sameShape('step', `gradient of '${name}'`, variable.shape, gradient.shape);
    }
    for (const { name, variable, multiplier, weightDecay } of this.#groups) {
      const gradient = gradients[variable.name];
      if (!gradient || !variable.trainable) continue;
      const count = (this.#updates.get(name) ?? 0) + 1;
      const old = this.#slots.get(name);
      tidy(() => {
        const learningRate = rate * multiplier;
        const next = this.#rule.update({ parameter: variable, gradient, slots: old, count, learningRate, weightDecay });
        variable.assign(next.parameter);
        // A clone, because the rule may return its gradient as it came.
        const kept = Object.entries(next.slots).map(([slot, value]) => [slot, keep(value.clone())] as const);
        if (kept.length > 0) this.#slots.set(name, Object.fromEntries(kept));
      });
      if (old) dispose(old);
      this.#updates.set(name, count);
    }
    this.#steps++;
  }

  minimize(loss: () => Scalar): Scalar {
    const { loss: value, gradients } = lossGradients('minimize', this.parameters.values(), loss);
    try {
      this.step(gradients);
    } finally {
      dispose(gradients);
    }
    return value;
  }

  state(): OptimizerState {
    const slots = new Map<string, TensorLike>();
    for (const [name, held] of this.#slots) {
      for (const slot of this.#rule.slots) if (held[slot]) slots.set(`${slot}/${name}`, held[slot]);
    }
    return { rule: this.#rule.name, steps: this.#steps, updates: Object.fromEntries(this.#updates), slots };
  }

  async loadState(state: OptimizerState): Promise<void> {
    const { rule, steps, updates, slots } = state;
    if (rule !== this.#rule.name) throw new ValueError('loadState', 'state', `to be of ${this.#rule.name}`, rule);
    if (!(Number.isSafeInteger(steps) && steps >= 0)) {
      throw new ValueError('loadState', 'steps', 'to be a whole number ≥ 0', steps);
    }
    // All is read and checked before anything changes.
    const values = new Map<string, Record<string, Float32Array>>();
    const hint = 'The optimiser must be given the same parameters under the same names as when the state was saved.';
    for (const [key, value] of slots) {
      const [slot, name] = [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
      const variable = this.parameters.get(name);
      if (!variable || !this.#rule.slots.includes(slot)) {
        throw new ValueError('loadState', 'state', 'to hold nothing but slots of the parameters', key, hint);
      }
      sameShape('loadState', key, variable.shape, value.shape);
      const held = values.get(name) ?? {};
      held[slot] = await finiteValues('loadState', key, value);
      values.set(name, held);
    }
    const counts = Object.entries(updates);
    for (const [name, count] of counts) {
      if (!this.parameters.has(name)) throw new ValueError('loadState', 'updates', 'to name parameters', name, hint);
      if (!(Number.isSafeInteger(count) && count > 0 && count <= steps)) {
        throw new ValueError('loadState', `updates of '${name}'`, `to be from 1 to ${steps}`, count);
      }
      const held = values.get(name) ?? {};
      const missing = this.#rule.slots.find((slot) => !held[slot]);
      if (missing) throw new ValueError('loadState', 'state', `to hold '${missing}/${name}'`, 'none', hint);
    }
    this.dispose();
    this.#steps = steps;
    for (const [name, count] of counts) this.#updates.set(name, count);
    for (const [name, held] of values) {
      const { shape } = this.parameters.get(name)!;
      // Inside `tidy` with `keep`, so that a caller's own scope does not take the state away.
      const made = Object.entries(held).map(
        ([slot, array]) => [slot, tidy(() => keep(tensor(array.slice(), shape, 'float32')))] as const,
      );
      this.#slots.set(name, Object.fromEntries(made));
    }
  }

  dispose(): void {
    for (const held of this.#slots.values()) dispose(held);
    this.#slots.clear();
    this.#updates.clear();
    this.#steps = 0;
  }
}

function sameShape(where: string, argument: string, expected: readonly number[], got: readonly number[]): void {
  if (expected.length !== got.length || expected.some((size, i) => size !== got[i])) {
    throw new ShapeError(where, argument, expected, got);
  }
}
