import { add, matMul, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import type { TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';

/**
 * A fully connected layer: y = x · weight + bias.
 *
 * @param x `[n, F]`.
 * @param weight `[F, C]` (torch's `[C, F]` transposed).
 * @returns `[n, C]`.
 * @throws {ShapeError} if the sizes disagree.
 */
export function linear(x: TensorInput, weight: TensorInput, { bias }: { bias?: TensorInput } = {}): Tensor2D {
  const { F } = matchShape('linear', 'x', x.shape, ['n', 'F']);
  const { C } = matchShape('linear', 'weight', weight.shape, ['F', 'C'], { F });
  if (bias) matchShape('linear', 'bias', bias.shape, ['C'], { C });
  return tidy(() => {
    const y: Tensor2D = matMul(
      floatTensor('linear', 'x', x) as Tensor2D,
      floatTensor('linear', 'weight', weight) as Tensor2D,
    );
    return bias ? add<Tensor2D>(y, floatTensor('linear', 'bias', bias)) : y;
  });
}
