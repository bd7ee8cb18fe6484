import type { Variable } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { type Conv2dParameters, type ParameterBuilder, parameterBuilder } from '@wsss/core/layers';
import type { NetworkOptions } from './architecture';

/** Declares a network's parameters and keeps note of which batch norm follows which convolution. */
export interface Declaration {
  readonly builder: ParameterBuilder;
  readonly normed: (readonly [conv: string, norm: string])[];
  convNorm(names: readonly [conv: string, norm: string], options: DeclaredConv): void;
  /** For {@link makeNetwork}: the variables, by name. */
  variables(): Map<string, Variable>;
}

export interface DeclaredConv extends Omit<Conv2dParameters, 'bias'> {
  /** Of γ and β, where they are frozen though the filter trains. @default as the filter */
  normTrainable?: boolean;
}

export function declare(where: string, { seed = 0, initialise = true, classes }: NetworkOptions): Declaration {
  if (classes !== undefined && !(Number.isSafeInteger(classes) && classes >= 1)) {
    throw new ValueError(where, 'classes', 'to be a whole number ≥ 1', classes);
  }
  const builder = parameterBuilder({ seed, initialise });
  const normed: (readonly [string, string])[] = [];
  return {
    builder,
    normed,
    convNorm([conv, norm], { normTrainable, ...options }) {
      builder.conv2d(conv, options);
      builder.batchNorm(norm, options.out, { trainable: normTrainable ?? options.trainable ?? true });
      normed.push([conv, norm]);
    },
    variables: () => new Map(builder.parameters),
  };
}
