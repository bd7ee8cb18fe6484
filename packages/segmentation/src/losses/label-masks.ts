import { cast, equal, expandDims, range, reshape, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { IGNORE, isHostTensor, matchShape, ShapeError, ValueError } from '@wsss/core';
import { asTensor, type TensorInput } from '@wsss/core/tensor';

/** Checks that scores and labels are of the same pixels, and says of how many. */
export function checkPixels(
  where: string,
  logits: TensorInput,
  labels: TensorInput,
): { n: number; pixels: number; K: number } {
  const { n, h, w, K } = matchShape(where, 'logits', logits.shape, ['n', 'h', 'w', 'K']);
  matchShape(where, 'labels', labels.shape, ['n', 'h', 'w'], { n, h, w });
  if (K < 2 || n * h * w === 0) throw new ShapeError(where, 'logits', 'to have pixels and classes', logits.shape);
  return { n, pixels: n * h * w, K };
}

/**
 * Labels as a row of K numbers per pixel: 1 at its class, all 0 where it is ignored. Call it inside `tidy`.
 *
 * @throws {ValueError} if labels on the host name a class that there is not. Those on a device are not read; what is none
 *   of the classes is ignored.
 */
export function labelMasks(where: string, labels: TensorInput, K: number): Tensor2D {
  const pixels = labels.shape.reduce((product, size) => product * size, 1);
  if (isHostTensor(labels)) {
    const masks = new Float32Array(pixels * K);
    const { values } = labels;
    for (let i = 0; i < pixels; i++) {
      const label = Number(values[i]);
      if (label === IGNORE) continue;
      if (!(Number.isInteger(label) && label >= 0 && label < K)) {
        throw new ValueError(where, 'labels', `to be 0..${K - 1}, or ${IGNORE} to ignore`, label);
      }
      masks[i * K + label] = 1;
    }
    return tensor2d(masks, [pixels, K]);
  }
  if (labels.dtype !== 'int32') throw new ValueError(where, 'labels', 'to be int32 or bytes', labels.dtype);
  const column = expandDims(reshape(asTensor(labels), [pixels]), 1);
  return cast(equal(column, expandDims(range(0, K, 1, 'int32'), 0)), 'float32') as Tensor2D;
}
