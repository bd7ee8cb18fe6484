import { add, dispose, keep, mul, type Tensor, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { finiteValues, matchShape, type TensorLike, ValueError } from '@wsss/core';

/** A running average of parameters. */
export interface Ema {
  /** The averages, lent: read them before the next update. */
  readonly values: ReadonlyMap<string, Tensor>;
  /** Takes the parameters as they are into the average; `fit` does so after every step. */
  update(): void;
  /** Exchanges parameters and averages: evaluate or save the average, then exchange them back. */
  swap(): void;
  /** @throws {ValueError} if names differ, {@link ShapeError} if shapes do. */
  loadValues(values: ReadonlyMap<string, TensorLike>): Promise<void>;
  dispose(): void;
}

/**
 * The exponential moving average of parameters: e ← decay · e + (1 − decay) · p, beginning with the parameters as they
 * are now. Variables that are not trainable, such as running statistics, are averaged alike.
 *
 * @param parameters Names → variables.
 * @param decay In [0, 1): 0.999 averages over about 1,000 steps.
 * @throws {ValueError} if `decay` is out of range or there is no parameter.
 *
 * Source: Polyak & Juditsky, SIAM J. Control and Optimization 1992; `torch.optim.swa_utils.get_ema_multi_avg_fn`.
 */
export function ema(parameters: ReadonlyMap<string, Variable>, decay: number): Ema {
  if (!(decay >= 0 && decay < 1)) throw new ValueError('ema', 'decay', 'to be in [0, 1)', decay);
  if (parameters.size === 0) throw new ValueError('ema', 'parameters', 'to hold at least one variable', 'none');
  const values = new Map<string, Tensor>();
  const set = (name: string, make: () => Tensor) => {
    const old = values.get(name);
    values.set(
      name,
      tidy(() => keep(make())),
    );
    old?.dispose();
  };
  for (const [name, variable] of parameters) set(name, () => variable.clone());
  return {
    values,
    update() {
      for (const [name, variable] of parameters) {
        set(name, () => add(mul(values.get(name)!, decay), mul(variable, 1 - decay)));
      }
    },
    swap() {
      for (const [name, variable] of parameters) {
        const average = values.get(name)!;
        tidy(() => {
          values.set(name, keep(variable.clone()));
          variable.assign(average);
        });
        average.dispose();
      }
    },
    async loadValues(saved) {
      const read = new Map<string, Float32Array>();
      for (const name of new Set([...parameters.keys(), ...saved.keys()])) {
        const [variable, value] = [parameters.get(name), saved.get(name)];
        if (!variable || !value) {
          throw new ValueError('loadValues', 'values', 'to have the names of the parameters', name);
        }
        matchShape('loadValues', name, value.shape, variable.shape);
        read.set(name, (await finiteValues('loadValues', name, value)).slice());
      }
      for (const [name, array] of read) set(name, () => tensor(array, parameters.get(name)!.shape));
    },
    dispose() {
      dispose([...values.values()]);
      values.clear();
    },
  };
}
