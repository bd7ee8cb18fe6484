import { byteValues, finiteValues, type TensorLike } from '@wsss/core';

/** Bytes of a photo, or floats of a normalised one. */
export function imageArray(where: string, image: TensorLike): Promise<Uint8Array | Float32Array> {
  return image.dtype === 'float32' ? finiteValues(where, 'image', image) : byteValues(where, 'image', image);
}
