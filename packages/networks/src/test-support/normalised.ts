import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import type { Preprocess } from '@wsss/core';

/** An image 0..255 `[h, w, 3]` as a normalised batch of one, computed in doubles and rounded once. */
export function normalised(image: { values: Uint8Array; shape: readonly number[] }, preprocess: Preprocess): Tensor4D {
  const { order, scale, mean, std } = preprocess;
  const values = Float32Array.from(image.values, (_, i) => {
    const c = i % 3;
    const source = order === 'bgr' ? i - c + (2 - c) : i;
    return (image.values[source]! * scale - mean[c]!) / std[c]!;
  });
  return tensor4d(values, [1, image.shape[0]!, image.shape[1]!, 3]);
}
