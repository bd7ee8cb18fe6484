import { type GradConfig, matMul, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { gradient } from './define';
import { reduceTo } from './reduce-to';

interface Flags {
  transposeA: boolean;
  transposeB: boolean;
}

/** xᵀ·y: transposes the smaller of the two, or rather the product. */
function transposedFirst(x: Tensor, y: Tensor): Tensor {
  const [left, right] = [x.shape.at(-1)!, y.shape.at(-1)!];
  return left <= right ? matMul(swap(x), y) : swap(matMul(swap(y), x));
}

function swap(x: Tensor): Tensor {
  const order = x.shape.map((_, i) => i);
  const last = order.length - 1;
  [order[last - 1], order[last]] = [last, last - 1];
  return transpose(x, order);
}

/** Matrix products, of batches too. */
export const matMulGradient: GradConfig[] = [
  gradient<Flags>('BatchMatMul', { inputs: ['a', 'b'] }, (dy, [a, b], { transposeA, transposeB }) => ({
    a: () => {
      const ofLeft = transposeB ? matMul(dy, b!) : matMul(dy, swap(b!));
      return reduceTo(transposeA ? swap(ofLeft) : ofLeft, a!.shape);
    },
    b: () => {
      const left = transposeA ? swap(a!) : a!;
      return reduceTo(transposeB ? transposedFirst(dy, left) : transposedFirst(left, dy), b!.shape);
    },
  })),
];
