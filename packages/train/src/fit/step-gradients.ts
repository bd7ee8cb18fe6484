import {
  add,
  addN,
  cast,
  dispose,
  keep,
  mul,
  type NamedTensorMap,
  type Scalar,
  stack,
  tidy,
} from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { checkScalar, lossGradients } from '../optimizers/loss-gradients';
import type { Optimizer } from '../optimizers/optimizer';
import { NonFiniteLossError } from './non-finite-loss-error';

/** Loss and gradients of one batch; the gradients belong to the caller. */
export interface BatchGradients {
  readonly gradients: NamedTensorMap;
  readonly loss: number;
  readonly terms: Record<string, number>;
}

/**
 * The gradients of one batch, its loss read back and checked.
 *
 * @throws {NonFiniteLossError} naming the step and the term.
 */
export async function batchGradients(
  optimizer: Optimizer,
  step: number,
  loss: () => Scalar | Record<string, Scalar>,
): Promise<BatchGradients> {
  const kept: Record<string, Scalar> = {};
  let result: { loss: Scalar; gradients: NamedTensorMap } | undefined;
  let read: Float32Array;
  try {
    result = lossGradients('fit', optimizer.parameters.values(), () => {
      const value = loss();
      if (!isTerms(value)) return value;
      const terms = Object.entries(value);
      if (terms.length === 0) throw new ValueError('fit', 'loss', 'to return at least one term', value);
      for (const [name, term] of terms) kept[name] = keep(checkScalar('fit', name, term).clone());
      return terms.length === 1 ? terms[0]![1] : (addN(terms.map(([, term]) => term)) as Scalar);
    });
    const { loss: total } = result;
    const values = tidy(() => cast(stack([total, ...Object.values(kept)]), 'float32'));
    read = (await values.data()) as Float32Array;
    values.dispose();
  } catch (error) {
    if (result) dispose(result.gradients);
    throw error;
  } finally {
    dispose(kept);
    result?.loss.dispose();
  }
  const terms = Object.fromEntries(Object.keys(kept).map((name, i) => [name, read[i + 1]!]));
  const [name, value] = Object.entries({ ...terms, loss: read[0]! }).find(([, value]) => !Number.isFinite(value)) ?? [];
  if (name !== undefined) {
    dispose(result.gradients);
    throw new NonFiniteLossError(step + 1, name, value!);
  }
  return { gradients: result.gradients, loss: read[0]!, terms };
}

function isTerms(value: unknown): value is Record<string, Scalar> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** `sum + weight · gradients`, name by name; disposes both. */
export function accumulate(sum: NamedTensorMap, gradients: NamedTensorMap, weight: number): NamedTensorMap {
  const names = new Set([...Object.keys(sum), ...Object.keys(gradients)]);
  const total: NamedTensorMap = {};
  for (const name of names) {
    const [old, gradient] = [sum[name], gradients[name]];
    total[name] = tidy(() => {
      if (!gradient) return old!.clone();
      const weighted = weight === 1 ? gradient : mul(gradient, weight);
      return old ? add(old, weighted) : weighted.clone();
    });
  }
  dispose(sum);
  dispose(gradients);
  return total;
}

/** Multiplies all of them; disposes what it was given. */
export function scale(gradients: NamedTensorMap, factor: number): NamedTensorMap {
  const scaled = tidy(() =>
    Object.fromEntries(Object.entries(gradients).map(([name, value]) => [name, mul(value, factor)])),
  );
  dispose(gradients);
  return scaled;
}
