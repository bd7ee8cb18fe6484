import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';

/** The gradient of each input, computed only where it is asked for. */
export type InputGradients = Record<string, () => Tensor>;

/** What an operation keeps for its gradient: inputs by their kernel name, and whether its outputs. */
export interface Saved {
  readonly inputs?: readonly string[];
  readonly allInputs?: boolean;
  readonly output?: boolean;
}

/**
 * The gradient of an operation with one output.
 *
 * @param f Gets the gradient of the output, the saved inputs followed by the saved output, and the kernel's attributes.
 */
export function gradient<A extends object = object>(
  kernelName: string,
  { inputs = [], allInputs = false, output = false }: Saved,
  f: (dy: Tensor, saved: Tensor[], attributes: A) => InputGradients,
): GradConfig {
  return {
    kernelName,
    ...(allInputs ? { saveAllInputs: true } : { inputsToSave: [...inputs] }),
    ...(output ? { outputsToSave: [true] } : {}),
    gradFunc: (dy, saved, attributes) => f(dy as Tensor, saved, attributes as A),
  };
}

/** The gradient of an operation with a list of outputs; a list of one arrives as a plain tensor. */
export function gradientOfList<A extends object = object>(
  kernelName: string,
  f: (dys: Tensor[], attributes: A) => InputGradients,
): GradConfig {
  return {
    kernelName,
    gradFunc: (dy, _saved, attributes) => f(Array.isArray(dy) ? dy : [dy], attributes as A),
  };
}
