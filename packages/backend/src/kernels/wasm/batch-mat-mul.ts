import {
  broadcast_util,
  concat,
  type Rank,
  reshape,
  slice,
  type Tensor,
  type Tensor3D,
  util,
} from '@tensorflow/tfjs-core';
import { shortcut } from '../composed-kernel';
import { runKernel } from '../run-kernel';
import { swapLast } from '../transposed-product';

interface Flags {
  transposeA: boolean;
  transposeB: boolean;
}

/** Below this many products a matrix the stock loop over the batch is faster than a call for each. */
const FEW = 2 ** 15;

/**
 * The stock kernel is fast (XNNPACK) for two plain matrices alone, and 10 to 40 times slower for transposed ones and
 * for batches. So: transpose first; a batch times one matrix is one product; other batches go matrix by matrix.
 */
export const batchMatMul = shortcut<{ a: Tensor; b: Tensor }, Flags>(({ a, b }, { transposeA, transposeB }) => {
  if (transposeA || transposeB) {
    const plain = { a: transposeA ? swapLast(a) : a, b: transposeB ? swapLast(b) : b };
    return runKernel('BatchMatMul', plain, { transposeA: false, transposeB: false });
  }
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [countA, countB] = [util.sizeFromShape(batchA), util.sizeFromShape(batchB)];
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  if (Math.max(countA, countB) === 1) return undefined;
  const shape = [...broadcast_util.assertAndGetBroadcastShape(batchA, batchB), m, n];
  if (countB === 1) return reshape(product(reshape(a, [1, -1, k]), reshape(b, [1, k, n])), shape);
  if (m * k * n < FEW || (countA !== countB && countA !== 1)) return undefined;
  const [left, right] = [reshape<Rank.R3>(a, [countA, m, k]), reshape<Rank.R3>(b, [countB, k, n])];
  const matrix = (x: Tensor3D, i: number) => slice(x, [x.shape[0] === 1 ? 0 : i, 0, 0], [1, -1, -1]);
  const products = Array.from({ length: countB }, (_, i) => product(matrix(left, i), matrix(right, i)));
  return reshape(concat(products, 0), shape);
});

function product(a: Tensor, b: Tensor): Tensor {
  return runKernel('BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
}
