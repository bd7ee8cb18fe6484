import { backend, type Tensor, type TensorInfo, tensor1d } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from './tfjs-node';

/** Attributes of an operation of TensorFlow: whole numbers, words, and yes or no. */
export type Attributes = Readonly<Record<string, readonly number[] | number | string | boolean>>;

/** Runs an operation of TensorFlow on floats, by the name it has there. */
export function operation(name: string, inputs: readonly TensorInfo[], attributes: Attributes): Tensor {
  const tensorflow = backend() as TensorflowBackend;
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_ATTR_INT, TF_ATTR_STRING, TF_FLOAT } = tensorflow.binding;
  const type = (value: Attributes[string]) => {
    if (typeof value === 'boolean') return TF_ATTR_BOOL;
    return typeof value === 'string' ? TF_ATTR_STRING : TF_ATTR_INT;
  };
  return tensorflow.executeSingleOutput(
    name,
    [
      { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
      ...Object.entries(attributes).map(([key, value]) => ({ name: key, type: type(value), value })),
    ],
    inputs,
  );
}

/** A shape as a tensor, which some operations want. */
export const shapeTensor = (shape: readonly number[]): Tensor => tensor1d([...shape], 'int32');
