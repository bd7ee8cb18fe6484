import { type GradConfig, matMul, type Tensor } from '@tensorflow/tfjs-core';
import { swapLast, transposedProduct } from '../kernels/transposed-product';
import { gradient } from './define';
import { reduceTo } from './reduce-to';

export interface Flags {
  transposeA: boolean;
  transposeB: boolean;
}

/** The gradients of a and b. */
export function ofProduct(
  dy: Tensor,
  [a, b]: readonly [Tensor, Tensor],
  { transposeA, transposeB }: Flags,
): { a: () => Tensor; b: () => Tensor } {
  return {
    a: () => {
      const ofLeft = matMul(dy, transposeB ? b : swapLast(b));
      return reduceTo(transposeA ? swapLast(ofLeft) : ofLeft, a.shape);
    },
    b: () => {
      const left = transposeA ? swapLast(a) : a;
      return reduceTo(transposeB ? transposedProduct(dy, left) : transposedProduct(left, dy), b.shape);
    },
  };
}

/** Matrix products, of batches too. */
export const matMulGradient: GradConfig[] = [
  gradient<Flags>('BatchMatMul', { inputs: ['a', 'b'] }, (dy, [a, b], flags) => ofProduct(dy, [a!, b!], flags)),
];
