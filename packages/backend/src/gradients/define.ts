import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';

/** The gradient of each input, computed only where it is asked for. */
export type InputGradients = Record<string, () => Tensor>;

/** What an operation keeps for its gradient: inputs by their kernel name, and which of its outputs. */
export interface Saved {
  readonly inputs?: readonly string[];
  readonly allInputs?: boolean;
  readonly outputs?: readonly boolean[];
}

function save({ inputs = [], allInputs = false, outputs }: Saved): Omit<GradConfig, 'kernelName' | 'gradFunc'> {
  return {
    // Not spread into a new array: the list may be one of its own kind, see PresentInputs.
    ...(allInputs ? { saveAllInputs: true } : { inputsToSave: inputs as string[] }),
    ...(outputs ? { outputsToSave: [...outputs] } : {}),
  };
}

/**
 * The gradient of an operation with one output.
 *
 * @param f Gets the gradient of the output, the saved inputs followed by the saved output, and the kernel's attributes.
 */
export function gradient<A extends object = object>(
  kernelName: string,
  saved: Saved,
  f: (dy: Tensor, saved: Tensor[], attributes: A) => InputGradients,
): GradConfig {
  return {
    kernelName,
    ...save(saved),
    gradFunc: (dy, tensors, attributes) => f(dy as Tensor, tensors, attributes as A),
  };
}

/** The gradient of an operation with a list of outputs; a list of one arrives as a plain tensor. */
export function gradientOfList<A extends object = object>(
  kernelName: string,
  saved: Saved,
  f: (dys: Tensor[], saved: Tensor[], attributes: A) => InputGradients,
): GradConfig {
  return {
    kernelName,
    ...save(saved),
    gradFunc: (dy, tensors, attributes) => f(Array.isArray(dy) ? dy : [dy], tensors, attributes as A),
  };
}
