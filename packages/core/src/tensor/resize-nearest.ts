import {
  gather,
  image,
  type Rank,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { nearestIndices } from '../kernels/nearest-indices';
import { checkSize } from '../map-shape';
import { asTensor, type TensorInput } from './as-tensor';
import { batchShape, unbatch } from './map-batch';
import { separableMap } from './separable-map';
import { withGradient } from './with-gradient';

/**
 * Resizes maps to the nearest cell, as torch's `interpolate(mode='nearest')` does: source = floor(d · from / to); with
 * torch's gradient on every backend.
 *
 * @param maps `[h, w]`, `[h, w, C]` or `[n, h, w, C]`, any dtype.
 * @param size `[h, w]` of the result.
 * @returns The same dtype and rank. (Bytes on the host are int32 in TensorFlow.js.)
 * @throws {ShapeError} if `maps` has another rank or no cells, or `size` is not two whole numbers above 0.
 */
export function resizeNearest<R extends Rank>(maps: TensorInput<R>, size: readonly [number, number]): Tensor<R> {
  const [n, h, w, C] = batchShape('resizeNearest', 'maps', maps.shape);
  checkSize('resizeNearest', 'size', size);
  const rank = maps.shape.length;
  const forward = (values: Tensor) => {
    const batch = reshape(values, [n, h, w, C]) as Tensor4D;
    const native = batch.dtype === 'float32' && unmistakable(h, size[0]) && unmistakable(w, size[1]);
    return unbatch<R>(native ? image.resizeNearestNeighbor(batch, [...size]) : copied(batch, size), rank);
  };
  return tidy(() => {
    const values = asTensor(maps, 'resizeNearest', 'maps');
    if (values.dtype !== 'float32') return forward(values);
    return withGradient<R>(
      [values],
      ([input]) => forward(input!),
      (gradient) => {
        const batch = reshape(gradient, [n, ...size, C]) as Tensor4D;
        return [unbatch(separableMap(batch, adjoint(h, size[0]), adjoint(w, size[1])), rank)];
      },
    );
  });
}

/**
 * Whether d · from / to rounds down to the same cell in float32, which torch uses, in double, and exactly. Where it does
 * not, backends differ; where it does, their own kernel, which is much the fastest way, can be relied on.
 */
function unmistakable(from: number, to: number): boolean {
  return nearestIndices(from, to).every(
    (source, d) => source === Math.floor((d * from) / to) && source === Math.floor(d * (from / to)),
  );
}

function copied(batch: Tensor4D, [height, width]: readonly [number, number]): Tensor4D {
  const [, h, w] = batch.shape;
  const rows = gather(batch, tensor1d(nearestIndices(h, height), 'int32'), 1);
  return gather(rows, tensor1d(nearestIndices(w, width), 'int32'), 2);
}

/** The transposed selection of one axis, `[from, to]`; nothing where the axis keeps its length. */
function adjoint(from: number, to: number): Tensor2D | undefined {
  if (from === to) return undefined;
  const selection = new Float32Array(from * to);
  nearestIndices(from, to).forEach((source, d) => {
    selection[source * to + d] = 1;
  });
  return tensor2d(selection, [from, to]);
}
