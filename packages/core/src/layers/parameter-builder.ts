import { type Tensor, tensor, type Variable, variable } from '@tensorflow/tfjs-core';
import { ValueError } from '../errors';
import { random } from '../random';
import { constantValue, type Initialiser, kaimingUniform, uniformValues } from './initialisers';

/** Names, as in the official state dictionaries → variables. */
export type Parameters = ReadonlyMap<string, Variable>;

export interface Conv2dParameters {
  in: number;
  out: number;
  /** A number, or `[kh, kw]`. */
  kernel: number | readonly [number, number];
  /** @default 1 */
  groups?: number;
  /** @default false */
  bias?: boolean;
  /** Of the filter. @default torch's, {@link kaimingUniform} */
  initialiser?: Initialiser;
  /** Of the bias. @default torch's, uniform in ±1 / √fan in */
  biasInitialiser?: Initialiser;
  /** @default true */
  trainable?: boolean;
}

export interface LinearParameters {
  in: number;
  out: number;
  /** @default true */
  bias?: boolean;
  initialiser?: Initialiser;
  biasInitialiser?: Initialiser;
  trainable?: boolean;
}

/** Declares the parameters of a network, one layer a line. */
export interface ParameterBuilder {
  /** All that was declared so far. */
  readonly parameters: Parameters;
  /** One variable of any shape. */
  add(name: string, shape: readonly number[], options?: { initialiser?: Initialiser; trainable?: boolean }): Variable;
  /** `name.weight` `[kh, kw, in / groups, out]` and, if asked for, `name.bias` `[out]`. */
  conv2d(name: string, options: Conv2dParameters): void;
  /** `name.weight` `[in, out]` and `name.bias` `[out]`. */
  linear(name: string, options: LinearParameters): void;
  /** `name.weight` (ones), `.bias` (zeros), and, never trainable, `.running_mean` (zeros) and `.running_var` (ones). */
  batchNorm(name: string, channels: number, options?: { trainable?: boolean }): void;
  /** `name.weight` (ones) and `name.bias` (zeros). */
  groupNorm(name: string, channels: number, options?: { trainable?: boolean }): void;
  /** The same builder with `prefix.` before every name. */
  scope(prefix: string): ParameterBuilder;
  /** Disposes every variable. May be called twice. */
  dispose(): void;
}

/**
 * Starts a set of parameters. Each draws its first values from a stream of its own, made of the seed and its name, so
 * that adding a layer changes no other.
 *
 * @param options.seed A whole number: equal seeds give equal values.
 * @param options.initialise `false` leaves filters and matrices at zero, which is faster where weights are loaded over
 *   all of them anyway. @default true
 *
 * @example
 * const builder = parameterBuilder({ seed: 1 });
 * builder.conv2d('features.0.0', { in: 3, out: 32, kernel: 3 });
 * builder.batchNorm('features.0.1', 32);
 * const y = conv2d(x, parameter(builder.parameters, 'features.0.0.weight'), { stride: 2, padding: 1 });
 */
export function parameterBuilder({
  seed,
  initialise = true,
}: {
  seed: number;
  initialise?: boolean;
}): ParameterBuilder {
  const root = random(seed);
  const variables = new Map<string, Variable>();

  const add = (
    name: string,
    shape: readonly number[],
    { initialiser = constantValue(0), trainable = true }: { initialiser?: Initialiser; trainable?: boolean } = {},
  ): Variable => {
    if (name === '' || variables.has(name)) {
      throw new ValueError('parameterBuilder', 'name', 'to be new', name, 'Every parameter needs a name of its own.');
    }
    const first: Tensor = tensor(initialiser(shape, root.fork(name)), [...shape], 'float32');
    const made = variable(first, trainable);
    first.dispose();
    variables.set(name, made);
    return made;
  };
  const drawn = (initialiser: Initialiser): Initialiser => (initialise ? initialiser : constantValue(0));

  const within = (prefix: string): ParameterBuilder => ({
    parameters: variables,
    add: (name, shape, options) => add(prefix + name, shape, options),
    conv2d(name, options) {
      const { groups = 1, bias = false, trainable = true, kernel } = options;
      const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
      const inner = options.in / groups;
      if (!Number.isSafeInteger(inner) || !Number.isSafeInteger(options.out / groups)) {
        throw new ValueError(`parameterBuilder.conv2d('${prefix}${name}')`, 'groups', 'to divide in and out', groups);
      }
      const { initialiser = kaimingUniform(), biasInitialiser = uniformValues(1 / Math.sqrt(kh * kw * inner)) } =
        options;
      add(`${prefix}${name}.weight`, [kh, kw, inner, options.out], { initialiser: drawn(initialiser), trainable });
      if (bias) add(`${prefix}${name}.bias`, [options.out], { initialiser: drawn(biasInitialiser), trainable });
    },
    linear(name, options) {
      const { bias = true, trainable = true } = options;
      const { initialiser = kaimingUniform(), biasInitialiser = uniformValues(1 / Math.sqrt(options.in)) } = options;
      add(`${prefix}${name}.weight`, [options.in, options.out], { initialiser: drawn(initialiser), trainable });
      if (bias) add(`${prefix}${name}.bias`, [options.out], { initialiser: drawn(biasInitialiser), trainable });
    },
    batchNorm(name, channels, { trainable = true } = {}) {
      add(`${prefix}${name}.weight`, [channels], { initialiser: constantValue(1), trainable });
      add(`${prefix}${name}.bias`, [channels], { trainable });
      add(`${prefix}${name}.running_mean`, [channels], { trainable: false });
      add(`${prefix}${name}.running_var`, [channels], { initialiser: constantValue(1), trainable: false });
    },
    groupNorm(name, channels, { trainable = true } = {}) {
      add(`${prefix}${name}.weight`, [channels], { initialiser: constantValue(1), trainable });
      add(`${prefix}${name}.bias`, [channels], { trainable });
    },
    scope: (inner) => within(`${prefix}${inner}.`),
    dispose() {
      for (const each of variables.values()) each.dispose();
      variables.clear();
    },
  });
  return within('');
}

/**
 * A parameter by its name.
 *
 * @throws {ValueError} naming what is missing, and that the network may have been disposed.
 */
export function parameter(parameters: Parameters, name: string): Variable {
  const found = parameters.get(name);
  if (found) return found;
  throw new ValueError(
    'parameter',
    'name',
    'to be a parameter of the network',
    name,
    parameters.size === 0
      ? 'It has no parameters: was it disposed?'
      : `It has ${parameters.size}, among them '${[...parameters.keys()][0]}'.`,
  );
}
