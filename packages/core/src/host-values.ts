import { ValueError } from './errors';
import { isHostTensor, type TensorLike } from './tensor-like';
import type { NumericArray } from './typed-array';

/**
 * The values of a tensor on the host, as H functions need them. Not a copy where the tensor is on the host already:
 * do not write to it.
 *
 * @throws {ValueError} if the tensor holds 64-bit integers or strings.
 */
export async function hostValues(where: string, argument: string, tensor: TensorLike): Promise<NumericArray> {
  const values = isHostTensor(tensor) ? tensor.values : await tensor.data();
  if (values instanceof BigInt64Array || values instanceof BigUint64Array || !ArrayBuffer.isView(values)) {
    throw new ValueError(where, argument, 'to hold numbers of at most 32 bits, or doubles', tensor);
  }
  return values;
}

/**
 * The same, as 32-bit floats, every one of them finite.
 *
 * @throws {ValueError} naming the first value that is NaN or infinite, and its position.
 */
export async function finiteValues(where: string, argument: string, tensor: TensorLike): Promise<Float32Array> {
  const values = await hostValues(where, argument, tensor);
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  for (let i = 0; i < floats.length; i++) {
    if (!Number.isFinite(floats[i])) {
      throw new ValueError(
        where,
        argument,
        'to be finite',
        `${floats[i]} at [${position(i, tensor.shape).join(', ')}]`,
      );
    }
  }
  return floats;
}

function position(index: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    place.unshift(index % shape[d]!);
    index = Math.floor(index / shape[d]!);
  }
  return place;
}
