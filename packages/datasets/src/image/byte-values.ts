import { hostValues, type TensorLike, ValueError } from '@wsss/core';

/** The values of a tensor as bytes; each must be a whole number from 0 to 255. */
export async function byteValues(where: string, argument: string, tensor: TensorLike): Promise<Uint8Array> {
  const values = await hostValues(where, argument, tensor);
  if (values instanceof Uint8Array) return values;
  const bytes = Uint8Array.from(values);
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== values[i]) {
      const hint =
        values[i]! > 0 && values[i]! < 1 ? 'Values in 0..1 want to be multiplied by 255 and rounded.' : undefined;
      throw new ValueError(where, argument, 'to hold whole numbers from 0 to 255', values[i], hint);
    }
  }
  return bytes;
}
