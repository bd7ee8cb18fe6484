import { dtypeOf, ShapeError, type TensorLike, type TypedArray, ValueError } from '@wsss/core';
import { ELEMENT_TYPES, type ElementName } from './element-type';

/** A tensor whose values are at hand, ready to be written. */
export interface GatheredTensor {
  readonly name: string;
  readonly dtype: ElementName;
  readonly shape: readonly number[];
  readonly values: TypedArray;
}

/** Reads the values of every tensor, one after the other, and checks that they can be written. */
export async function gatherTensors(
  where: string,
  tensors: ReadonlyMap<string, TensorLike>,
): Promise<GatheredTensor[]> {
  if (!(tensors instanceof Map)) {
    throw new ValueError(where, 'tensors', 'to be a Map of names to tensors', tensors, 'new Map(Object.entries(…))');
  }
  const gathered: GatheredTensor[] = [];
  for (const [name, tensor] of tensors) {
    if (typeof name !== 'string') throw new ValueError(where, 'tensors', 'to have names as keys', name);
    gathered.push(await gather(where, name, tensor));
  }
  return gathered;
}

async function gather(where: string, name: string, tensor: TensorLike): Promise<GatheredTensor> {
  const argument = `tensors '${name}'`;
  if (!Array.isArray(tensor?.shape) || typeof tensor.data !== 'function') {
    throw new ValueError(where, argument, 'to be a tensor', tensor);
  }
  const values = await tensor.data();
  const stored = dtypeOf(values);
  const dtype = tensor.dtype === 'bool' && stored === 'uint8' ? 'bool' : stored;
  if (dtype === undefined || !Object.hasOwn(ELEMENT_TYPES, dtype) || tensor.dtype === 'complex64') {
    throw new ValueError(where, argument, 'to hold real numbers or booleans', tensor);
  }
  const size = tensor.shape.reduce((product, n) => product * n, 1);
  if (size !== values.length) throw new ShapeError(where, argument, `to hold ${values.length} values`, tensor.shape);
  return { name, dtype: dtype as ElementName, shape: [...tensor.shape], values };
}
