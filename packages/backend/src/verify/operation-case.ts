import type { Tensor } from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';
import { type Array64, array64, type Draw, normal, sizeOf } from './array64';

/** One operation at one setting, with inputs, and the same in doubles. */
export interface OperationCase {
  /** `'conv2d'`. */
  readonly operation: string;
  /** `'3×3, stride 2, same'`. */
  readonly setting: string;
  readonly inputs: readonly Array64[];
  run(...inputs: Tensor[]): Tensor;
  reference(...inputs: Array64[]): Array64;
}

/** The shape of an input, or the shape and how its values are drawn. */
export type Input = readonly number[] | { readonly shape: readonly number[]; readonly draw: Draw };

/** Describes a case; its inputs follow from its name. */
export function operationCase(
  operation: string,
  setting: string,
  inputs: readonly Input[],
  run: OperationCase['run'],
  reference: OperationCase['reference'],
): OperationCase {
  const stream = random(1).fork(operation).fork(setting);
  const drawn = inputs.map((input, i) => {
    const { shape, draw } = 'shape' in input ? input : { shape: input, draw: normal };
    return array64(shape, draw(stream.fork(i), sizeOf(shape)));
  });
  return { operation, setting, inputs: drawn, run, reference };
}
