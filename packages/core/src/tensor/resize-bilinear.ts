import {
  image,
  type Rank,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { linearTaps } from '../kernels/linear-taps';
import { checkSize } from '../map-shape';
import type { ResizeBilinearOptions } from '../resize-bilinear';
import type { TensorInput } from './as-tensor';
import { floatTensor } from './float-tensor';
import { batchShape, unbatch } from './map-batch';
import { separableMap } from './separable-map';
import { withGradient } from './with-gradient';

/**
 * Resizes maps bilinearly, as torch's `interpolate(mode='bilinear')` does, with torch's gradient on every backend. It
 * does not average when it shrinks.
 *
 * The resize is linear, Y = A · X · Bᵀ with two weights in each row of A and B; its gradient is Aᵀ · G · B. (That of
 * TensorFlow.js knows no half-pixel centres.)
 *
 * @param maps `[h, w]`, `[h, w, C]` or `[n, h, w, C]`.
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
  return tidy(() =>
    withGradient<R>(
      [floatTensor('resizeBilinear', 'maps', maps)],
      ([values]) => {
        const batch = reshape(values!, [n, h, w, C]) as Tensor4D;
        return unbatch(image.resizeBilinear(batch, [...size], alignCorners, !alignCorners), rank);
      },
      (gradient) => {
        const batch = reshape(gradient, [n, ...size, C]) as Tensor4D;
        const rows = adjoint(h, size[0], alignCorners);
        const columns = adjoint(w, size[1], alignCorners);
        return [unbatch(separableMap(batch, rows, columns), rank)];
      },
    ),
  );
}

/** Aᵀ of one axis, `[from, to]`; nothing where the axis keeps its length. */
function adjoint(from: number, to: number, alignCorners: boolean): Tensor2D | undefined {
  if (from === to) return undefined;
  const { low, high, share } = linearTaps(from, to, alignCorners);
  const weights = new Float32Array(from * to);
  for (let d = 0; d < to; d++) {
    weights[low[d]! * to + d]! += 1 - share[d]!;
    weights[high[d]! * to + d]! += share[d]!;
  }
  return tensor2d(weights, [from, to]);
}
