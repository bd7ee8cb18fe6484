import { type Rank, reshape, type Tensor, type Tensor2D, type Tensor4D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { linearTaps } from '../kernels/linear-taps';
import { checkSize } from '../map-shape';
import type { ResizeBilinearOptions } from '../resize-bilinear';
import type { TensorInput } from './as-tensor';
import { floatTensor } from './float-tensor';
import { batchShape, unbatch } from './map-batch';
import { separableMap } from './separable-map';
import { withGradient } from './with-gradient';

/**
 * Resizes maps bilinearly, as torch's `interpolate(mode='bilinear')` does, with torch's gradient; both on every backend.
 * It does not average when it shrinks.
 *
 * The resize is linear, Y = A · X · Bᵀ with two weights in each row of A and B, and its gradient is Aᵀ · G · B. That of
 * TensorFlow.js itself knows no half-pixel centres, and its backends place the sources of large maps 1e-5 of a cell off.
 *
 * @param maps Finite values, `[h, w]`, `[h, w, C]` or `[n, h, w, C]`.
 * @param size `[h, w]` of the result.
 * @returns float32, in the rank of `maps`.
 * @throws {ShapeError} if `maps` has another rank or no cells, or `size` is not two whole numbers above 0.
 */
export function resizeBilinear<R extends Rank>(
  maps: TensorInput<R>,
  size: readonly [number, number],
  { alignCorners = false }: ResizeBilinearOptions = {},
): Tensor<R> {
  const [n, h, w, C] = batchShape('resizeBilinear', 'maps', maps.shape);
  checkSize('resizeBilinear', 'size', size);
  const rank = maps.shape.length;
  const along = (transposed: boolean) =>
    [weights(h, size[0], alignCorners, transposed), weights(w, size[1], alignCorners, transposed)] as const;
  return tidy(() =>
    withGradient<R>(
      [floatTensor('resizeBilinear', 'maps', maps)],
      ([values]) => unbatch(separableMap(reshape(values!, [n, h, w, C]) as Tensor4D, ...along(false)), rank),
      (gradient) => [unbatch(separableMap(reshape(gradient, [n, ...size, C]) as Tensor4D, ...along(true)), rank)],
    ),
  );
}

/** The weights of one axis, `[to, from]` or transposed; nothing where the axis keeps its length. */
function weights(from: number, to: number, alignCorners: boolean, transposed: boolean): Tensor2D | undefined {
  if (from === to) return undefined;
  const { low, high, share } = linearTaps(from, to, alignCorners);
  const matrix = new Float32Array(to * from);
  const add = (d: number, source: number, weight: number) => {
    matrix[transposed ? source * to + d : d * from + source]! += weight;
  };
  for (let d = 0; d < to; d++) {
    add(d, low[d]!, 1 - share[d]!);
    add(d, high[d]!, share[d]!);
  }
  return tensor2d(matrix, transposed ? [from, to] : [to, from]);
}
