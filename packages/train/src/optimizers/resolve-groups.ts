import { Variable } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import type { OptimizerOptions, ParameterSet } from './optimizer';

/** A parameter with what its group says. */
export interface GroupedParameter {
  readonly name: string;
  readonly variable: Variable;
  readonly multiplier: number;
  readonly weightDecay: number;
}

/** The parameters of all groups in one list, checked: named once, held once. */
export function resolveGroups(where: string, options: OptimizerOptions, weightDecay: number): GroupedParameter[] {
  const { parameters, groups } = options;
  if ((parameters === undefined) === (groups === undefined)) {
    throw new ValueError(where, 'groups', 'or `parameters` to be given, and not both', groups);
  }
  atLeastZero(where, 'weightDecay', weightDecay);
  const all: GroupedParameter[] = [];
  for (const group of groups ?? [{ parameters: parameters! }]) {
    const multiplier = atLeastZero(where, 'multiplier', group.multiplier ?? 1);
    const decay = atLeastZero(where, 'weightDecay', group.weightDecay ?? weightDecay);
    for (const [name, variable] of named(where, group.parameters, all.length)) {
      all.push({ name: `${group.prefix ?? ''}${name}`, variable, multiplier, weightDecay: decay });
    }
  }
  if (all.length === 0) throw new ValueError(where, 'parameters', 'to hold at least one variable', 'none');
  const names = new Set<string>();
  const variables = new Set<Variable>();
  for (const { name, variable } of all) {
    if (!(variable instanceof Variable)) {
      const hint = 'If it is one, two copies of @tensorflow/tfjs-core are installed: `npm ls @tensorflow/tfjs-core`.';
      throw new ValueError(where, 'parameters', `to hold variables; '${name}' is none`, variable, hint);
    }
    if (names.has(name)) {
      throw new ValueError(where, 'groups', 'to name each parameter once', name, 'Give one of the groups a `prefix`.');
    }
    if (variables.has(variable)) throw new ValueError(where, 'groups', 'to hold each variable once', `'${name}' again`);
    names.add(name);
    variables.add(variable);
  }
  return all;
}

function named(where: string, parameters: ParameterSet, from: number): Iterable<readonly [string, Variable]> {
  if (parameters instanceof Map) return parameters;
  if (!Array.isArray(parameters)) {
    throw new ValueError(where, 'parameters', 'to be a list of variables or a map of names to variables', parameters);
  }
  return (parameters as readonly Variable[]).map((variable, i) => [`${from + i}`, variable] as const);
}

/** Checks a number that may not be negative. */
export function atLeastZero(where: string, argument: string, value: number): number {
  if (!(Number.isFinite(value) && value >= 0)) throw new ValueError(where, argument, 'to be finite and ≥ 0', value);
  return value;
}
